import { createReadStream } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { LakeFault } from '../fault.ts';
import { assertKnown, momentOf, type AsOf } from '../row-history/as-of-views.ts';
import type { HappenedBy, Moments } from '../row-history/happened-by.ts';
import { readManifest } from '../manifest/manifest-file.ts';
import { assertFilesSound } from '../query/assert-files.ts';
import type { QueryLimits } from '../query/limits.ts';
import { recordReveal } from '../personal/reveals.ts';
import { formats, type Format } from '../query/messages.ts';
import { QueryProcess } from '../query/query-runner.ts';
import { kpiFolder, savedQueries } from '../saved/folders.ts';
import { readSqlFiles } from '../saved/sql-file.ts';
import { SoundFiles } from '../sound/sound-files.ts';
import { historyFolder, readHistory } from '../row-history/history-manifest.ts';
import { viewNameOf } from '../row-history/history-table.ts';
import { lastRecorded } from '../row-history/last-recorded.ts';
import { fileList, lakeViews, viewsScript } from '../views/lake-views.ts';
import { problemOf, type Problem } from './problems.ts';

export interface Serving {
  readonly lake: string;
  readonly limits: QueryLimits;
  /** Queries that run side by side; one more is refused with 429. */
  readonly atOnce: number;
  /** Names under which this server may be addressed, for what a browser on the same machine could be talked into. */
  readonly hosts: ReadonlySet<string>;
  /** The rows of all departments of what had happened by a moment alone, of what was recorded by another. */
  happenedBy?(moments: Moments, signal: AbortSignal): Promise<HappenedBy>;
  /** Why personal data is shown; without it, it is hidden, and so are the files. */
  readonly reveal?: string;
}

const mediaTypes: Readonly<Record<Format, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json',
  table: 'text/plain; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.stream',
};

/** Statements that are longer are not read. */
const longestSql = 100_000;

/**
 * The lake over HTTP, for reading: `POST /query`, `GET /queries/<name>`, the list of views, and the files as they are. Every query has a
 * process of its own. An answer that fails in the middle breaks the connection, so that nobody takes a part for the whole.
 */
export function lakeServer(serving: Serving): Server {
  const running = { count: 0, sound: new SoundFiles(serving.lake) };
  return createServer((request, response) => {
    const host = (request.headers.host ?? '').replace(/:\d+$/, '');
    if (!serving.hosts.has(host)) {
      sendProblem(response, { status: 421, code: 'lake/wrong-host', title: `This server is not called "${host}".` });
      return;
    }
    respond(serving, running, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendProblem(response, problemOf(error));
    });
  });
}

interface Running {
  /** Queries. */
  count: number;
  /** Files that were given out, or may be. */
  readonly sound: SoundFiles;
}

async function respond(serving: Serving, running: Running, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = urlOf(request);
  const [, room = '', ...rest] = decodeURIComponent(url.pathname).split('/');
  const name = rest.join('/');
  const reads = request.method === 'GET' || request.method === 'HEAD';
  const sql = await questionIn(serving, request, reads, room, name);
  if (sql !== undefined) return query(serving, running, sql, url, response);
  if (reads && room === 'files') return sendFile(serving, running, name, request, response);
  const list = reads && Object.hasOwn(lists, room) ? lists[room] : undefined;
  if (list) sendText(response, ...list(serving.lake));
  else sendProblem(response, reads ? noSuchPlace(url.pathname) : readOnly);
}

function urlOf({ url = '/' }: IncomingMessage): URL {
  try {
    const parsed = new URL(url, 'http://lake');
    decodeURIComponent(parsed.pathname);
    return parsed;
  } catch {
    throw new LakeFault('lake/bad-option', 'This address cannot be read: write other characters than letters and digits as %XX.');
  }
}

/** The statement that is asked for, written, saved or of the rows of a table. */
async function questionIn(
  { lake }: Serving,
  request: IncomingMessage,
  reads: boolean,
  room: string,
  name: string,
): Promise<string | undefined> {
  if (request.method === 'POST' && room === 'query') return bodyOf(request);
  if (!reads || name === '') return undefined;
  if (room === 'queries') return savedSql(name);
  return room === 'as-of' ? rowsSql(lake, name) : undefined;
}

const readOnly: Problem = { status: 405, code: 'lake/bad-request', title: 'The lake is read only: GET, and POST /query.' };

function noSuchPlace(path: string): Problem {
  const title = `There is no ${path}; there are /query, /queries, /as-of, /views, /views.sql, /files.json, /files and /health.`;
  return { status: 404, code: 'lake/not-found', title };
}

/** What is said of a lake, with its media type. */
const lists: Readonly<Partial<Record<string, (lake: string) => readonly [string, string]>>> = {
  queries: () => json(allQueries().map(({ sql: _, ...saved }) => saved)),
  views: (lake) => json(lakeViews(readManifest(lake), (path) => path).map(({ name, meaning }) => ({ view: name, meaning }))),
  'views.sql': (lake) => ['text/plain; charset=utf-8', viewsScript(readManifest(lake))],
  'files.json': (lake) => ['application/json', fileList(readManifest(lake))],
  'as-of': (lake) => json(readHistory(join(lake, historyFolder)).tables.map(({ department, table }) => ({ department, table }))),
  health: (lake) => json({ status: 'up', files: readManifest(lake).files().length }),
};

function json(value: unknown): readonly [string, string] {
  return ['application/json', `${JSON.stringify(value)}\n`];
}

async function query(serving: Serving, running: Running, sql: string, url: URL, response: ServerResponse): Promise<void> {
  const asked = url.searchParams.get('format') ?? 'json';
  const format = formats.find((each) => each === asked);
  if (format === undefined) throw new LakeFault('lake/bad-option', `There is no format "${asked}": there are ${formats.join(', ')}.`);
  if (running.count >= serving.atOnce) {
    sendProblem(response, {
      status: 429,
      code: 'lake/busy',
      title: `${running.count} queries run already: ask again when one has ended.`,
    });
    return;
  }
  // Saved queries take values of these names themselves.
  const isSaved = url.pathname.startsWith('/queries/');
  const moments = isSaved ? undefined : momentsIn(url, serving.lake);
  const values = Object.fromEntries([...url.searchParams].filter(([key]) => key !== 'format' && (isSaved || !ourParameters.has(key))));
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  if (serving.reveal !== undefined) recordReveal(serving.lake, serving.reveal, sql);
  // The answer knows this much at least: a lake only grows.
  const upTo = freshnessOf(serving.lake, moments?.recorded);
  running.count += 1;
  const opened: (() => void)[] = [() => (running.count -= 1)];
  try {
    const asOf = moments && (await rowsOf(serving, moments, gone.signal));
    if (asOf && 'forget' in asOf) opened.push(asOf.forget);
    const process = QueryProcess.start(serving.lake, serving.limits, asOf);
    opened.push(() => process.end());
    const { bytes, done } = process.ask({ sql, values, format, signal: gone.signal });
    done.catch(() => undefined); // awaited below
    // The head is sent with the first bytes: a query that is refused can still be answered with what is wrong.
    await Promise.race([new Promise<void>((resolve) => bytes.once('readable', () => resolve())), done]);
    response.writeHead(200, {
      ...upTo,
      'content-type': mediaTypes[format],
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    await pipeline(bytes, response, { end: false });
    const { cutOff } = await done;
    // A part would be taken for the whole; the head is gone, so there is no other way left to say it.
    if (cutOff) throw new LakeFault('lake/query-overran', `The answer has more than ${serving.limits.rows} rows.`);
    response.end();
  } finally {
    for (const close of opened.reverse()) close();
  }
}

/** Up to when what is recorded is in an answer, and which moment its rows of departments are of. */
function freshnessOf(lake: string, recorded: string | undefined): Readonly<Record<string, string>> {
  const newest = lastRecorded(readManifest(lake).files());
  return {
    ...(newest > 0 && { 'recorded-up-to': new Date(newest).toISOString() }),
    ...(recorded !== undefined && { 'as-of': new Date(momentOf(recorded, 'recorded')).toISOString() }),
  };
}

/** Not values for the statement. With the rows of all departments as they were known at one moment, of what had happened by the other. */
const ourParameters = new Set(['recorded', 'occurred']);

interface Asked {
  readonly recorded: string;
  readonly occurred?: string;
}

function momentsIn(url: URL, lake: string): Asked | undefined {
  const [recorded, occurred] = [url.searchParams.get('recorded'), url.searchParams.get('occurred')];
  if (recorded === null && occurred === null && !url.pathname.startsWith('/as-of/')) return undefined;
  const history = readHistory(join(lake, historyFolder));
  const moments = { recorded: recorded ?? new Date(history.progress?.upTo ?? 0).toISOString(), ...(occurred !== null && { occurred }) };
  assertKnown(history, momentOf(moments.recorded, 'recorded'), lake);
  return moments;
}

async function rowsOf(serving: Serving, { recorded, occurred }: Asked, signal: AbortSignal): Promise<AsOf | HappenedBy> {
  if (occurred === undefined) return { recorded };
  if (serving.happenedBy) return serving.happenedBy({ recorded, occurred }, signal);
  throw new LakeFault(
    'lake/bad-option',
    'What had happened by a moment is not folded by this server: npm run lake -- as-of … --occurred does it.',
  );
}

/** `order-intake/order_summary`, or a fault that says what there is. */
function rowsSql(lake: string, name: string): string {
  const { tables } = readHistory(join(lake, historyFolder));
  const found = tables.find(({ department, table }) => `${department}/${table}` === name);
  if (found) return `SELECT * FROM as_of.${viewNameOf(found)}`;
  throw new LakeFault(
    'lake/bad-option',
    `There is no table ${name}: GET /as-of lists what there is; npm run lake -- row-history makes it.`,
  );
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const body = await textOf(request);
  if (!(request.headers['content-type'] ?? '').startsWith('application/json')) return body;
  const sql = (JSON.parse(body) as { sql?: unknown } | null)?.sql;
  if (typeof sql !== 'string')
    throw new LakeFault('lake/bad-option', 'The body has no "sql": send { "sql": "SELECT …" }, or the statement as text/plain.');
  return sql;
}

/** Of at most so many bytes, whatever length the request says it has or does not say. */
async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = Number(request.headers['content-length'] ?? 0) > longestSql ? longestSql + 1 : 0;
  // The request is left open, for the answer to it.
  const incoming = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  if (bytes === 0)
    for await (const piece of incoming) {
      bytes += piece.length;
      if (bytes > longestSql) break;
      pieces.push(piece);
    }
  if (bytes > longestSql) throw new LakeFault('lake/bad-option', `A statement has at most ${longestSql} bytes.`);
  return Buffer.concat(pieces).toString('utf8');
}

function allQueries() {
  return [...readSqlFiles(savedQueries), ...readSqlFiles(kpiFolder)];
}

function savedSql(name: string): string {
  const found = allQueries().find((each) => each.name === name);
  if (!found) throw new LakeFault('lake/bad-option', `There is no saved query "${name}": GET /queries lists them.`);
  return found.sql;
}

/** Only sound files of the manifest, whole or a range of them: what a notebook on another machine needs to read Parquet. */
async function sendFile(
  { lake, reveal }: Serving,
  { sound }: Running,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (reveal === undefined)
    throw new LakeFault(
      'lake/query-refused',
      'The files hold personal data: this server gives them when it is started with --reveal <why>.',
    );
  recordReveal(lake, reveal, `file ${path}`);
  const file = readManifest(lake)
    .files()
    .find((each) => each.path === path);
  if (!file) {
    sendProblem(response, {
      status: 404,
      code: 'lake/not-found',
      title: `${path} is no file of the lake: GET /files.json lists them.`,
    });
    return;
  }
  await assertFilesSound(sound, [file]);
  sound.save();
  const size = file.bytes;
  const range = rangeOf(request.headers.range, size);
  const head = { 'content-type': mediaTypes.parquet, 'accept-ranges': 'bytes', etag: `"${file.sha256}"` };
  if (range === undefined) response.writeHead(200, { ...head, 'content-length': size });
  else
    response.writeHead(206, {
      ...head,
      'content-length': range.end - range.start + 1,
      'content-range': `bytes ${range.start}-${range.end}/${size}`,
    });
  if (request.method === 'HEAD') return void response.end();
  await pipeline(createReadStream(join(lake, path), range), response);
}

function rangeOf(header: string | undefined, size: number): { readonly start: number; readonly end: number } | undefined {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start <= end && start < size ? { start, end } : undefined;
}

function sendText(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  response.end(body);
}

/** What of the request was not read is not read any more. */
function sendProblem(response: ServerResponse, { status, code, title }: Problem): void {
  const unread = response.req.complete ? {} : { connection: 'close' };
  response.writeHead(status, { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...unread });
  response.end(JSON.stringify({ type: 'about:blank', status, code, title }));
}
