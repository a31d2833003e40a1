import { serviceNames, type ServiceName } from '@instep/contracts';

import type { Fault, Scene } from '../run/fault.ts';

/** Calls that every service makes under load or at its start. At each, before and after: 26 points. */
const calls = [
  'store.commit',
  'log.append',
  'log.slice',
  'store.load',
  'outbox.allot',
  'outbox.next',
  'log.start-at',
  'outbox.lease',
  'outbox.ledger',
  'outbox.release',
  'log.bounds',
  'log.read',
  'outbox.backlog',
] as const;

/** Only the edge is asked by shops, and only it appends what came in. */
const atTheEdge = ['log.append-raw', 'http.answer'] as const;

const sides = ['after', 'before'] as const;
/** Services that die at about the same time. */
const atOnce = 3;
const reachedWithinMs = 15_000;

interface Target {
  readonly service: ServiceName;
  readonly point: string;
}

const points = calls.flatMap((call) => sides.map((side) => `${call}:${side}`));
const edgePoints = atTheEdge.flatMap((call) => sides.map((side) => `${call}:${side}`));

/** Every point at every service; each point once, with services taking turns; or only some of these. */
function targetsOf(extent: Scene['extent']): readonly Target[] {
  const atEdge = edgePoints.map((point): Target => ({ service: 'connectors', point }));
  if (extent === 'full') return [...atEdge, ...points.flatMap((point) => serviceNames.map((service) => ({ service, point })))];
  const turns = points.map((point, at): Target => ({ service: serviceNames[at % serviceNames.length] ?? 'finance', point }));
  return extent === 'quick' ? [...turns.slice(0, 5), ...atEdge.slice(0, 1)] : [...turns, ...atEdge];
}

/** kill -9 of every service, each at a named moment between a call and its answer. */
export const killedAtFailpoints: Fault = {
  id: 'failpoints',
  title: 'kill -9 of each service at named moments',
  ground: 'one-broker',
  run: async (scene) => {
    let waiting = [...targetsOf(scene.extent)];
    const missed: string[] = [];
    const all = waiting.length;
    while (waiting.length > 0) {
      const wave = waveOf(waiting);
      waiting = waiting.filter((target) => !wave.includes(target));
      await Promise.all(
        wave.map(async ({ service, point }) => {
          const text = `${point}:kill@${String(1 + Math.floor(scene.random() * 3))}`;
          if (!(await diesAt(scene, service, text))) missed.push(`${service} ${text}`);
        }),
      );
      await scene.until('all services to serve again', () => allServe(scene));
    }
    scene.note(`${String(all - missed.length)} of ${String(all)} moments hit`);
    if (missed.length > all / 2) throw new Error(`most moments were not reached: ${missed.join(', ')}`);
  },
};

/** The worst moment of all: the log has the events, and nobody knows. */
export const killedInRelay: Fault = {
  id: 'relay-kill',
  title: 'kill -9 of order-intake between send and answer',
  ground: 'one-broker',
  run: async (scene) => {
    if (!(await diesAt(scene, 'order-intake', 'log.append:after:kill@3'))) throw new Error('the moment was not reached');
    await scene.until('all services to serve again', () => allServe(scene));
  },
};

/** The next ones, of different services. */
function waveOf(waiting: readonly Target[]): readonly Target[] {
  const wave: Target[] = [];
  for (const target of waiting) {
    if (wave.length < atOnce && !wave.some(({ service }) => service === target.service)) wave.push(target);
  }
  return wave;
}

/** False when the point was not reached in time, counted from when the service serves: some points lie before that, most behind. */
async function diesAt(scene: Scene, service: ServiceName, text: string): Promise<boolean> {
  const deathsBefore = scene.supervisor.deaths.length;
  const died = (): boolean => scene.supervisor.deaths.slice(deathsBefore).some((death) => death.service === service);
  await scene.supervisor.restart(service, { INSTEP_FAILPOINT: text });
  await scene.until(`${service} to serve or to die`, async () => died() || (await isReady(scene, service)));
  const deadline = Date.now() + reachedWithinMs;
  while (!died()) {
    if (Date.now() > deadline) {
      await scene.supervisor.restart(service);
      return false;
    }
    await scene.seconds(0.05);
  }
  return true;
}

async function isReady({ company }: Scene, service: ServiceName): Promise<boolean> {
  return (await company.get(service, '/health/ready')).status === 200;
}

async function allServe(scene: Scene): Promise<boolean> {
  const ready = await Promise.all(serviceNames.map((name) => isReady(scene, name)));
  return ready.every(Boolean);
}
