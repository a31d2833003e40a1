import { setTimeout as pause } from 'node:timers/promises';

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
const rounds = { quick: 2, usual: 6, full: 26 } as const;
const reachedWithinMs = 12_000;

interface Point {
  readonly service: ServiceName;
  readonly text: string;
}

/** In each round every service dies at another of the points; over all rounds each point is met, over 26 by every service. */
export function roundOfPoints(round: number, nth: number): readonly Point[] {
  const points = calls.flatMap((call) => sides.map((side) => `${call}:${side}`));
  return serviceNames.map((service, at) => {
    const edge =
      service === 'connectors' && round % 3 === 0 ? atTheEdge.flatMap((call) => sides.map((side) => `${call}:${side}`)) : undefined;
    const point = edge?.[(round / 3) % edge.length] ?? points[(round + at * rounds.usual) % points.length];
    return { service, text: `${String(point)}:kill@${String(nth)}` };
  });
}

/** kill -9 of every service, each at a named moment between a call and its answer. */
export const killedAtFailpoints: Fault = {
  id: 'failpoints',
  title: 'kill -9 of each service at named moments',
  ground: 'one-broker',
  run: async (scene) => {
    let hit = 0;
    const missed: string[] = [];
    for (let round = 0; round < rounds[scene.extent]; round += 1) {
      const nth = 1 + Math.floor(scene.random() * 3);
      const reached = await Promise.all(roundOfPoints(round, nth).map((point) => diesAt(scene, point)));
      hit += reached.filter(Boolean).length;
      roundOfPoints(round, nth).forEach(({ service, text }, at) => {
        if (reached[at] === false) missed.push(`${service} ${text}`);
      });
      await scene.until('all services to serve again', () => allServe(scene));
    }
    scene.note(`${String(hit)} moments hit${missed.length > 0 ? `, ${String(missed.length)} not reached` : ''}`);
    if (hit === 0) throw new Error('no failpoint was hit');
  },
};

async function diesAt(scene: Scene, { service, text }: Point): Promise<boolean> {
  const deathsBefore = scene.supervisor.deaths.length;
  await scene.supervisor.restart(service, { INSTEP_FAILPOINT: text });
  const deadline = Date.now() + reachedWithinMs;
  while (Date.now() < deadline) {
    if (scene.supervisor.deaths.slice(deathsBefore).some((death) => death.service === service)) return true;
    await pause(50);
  }
  await scene.supervisor.restart(service);
  return false;
}

async function allServe({ company }: Scene): Promise<boolean> {
  const ready = await Promise.all(serviceNames.map(async (name) => (await company.get(name, '/health/ready')).status === 200));
  return ready.every(Boolean);
}
