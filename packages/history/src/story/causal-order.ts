import { placeOf, type StoryEvent } from './story-event.ts';

/** An event and what it led to. */
export interface StoryNode {
  readonly event: StoryEvent;
  readonly effects: readonly StoryNode[];
}

type Untimed = Omit<StoryEvent, 'lagMs'>;

/** Causes before effects and, within a partition, as the log has it; otherwise as recorded. */
export function inCausalOrder(events: readonly Untimed[]): readonly StoryEvent[] {
  const sorted = events.toSorted(asRecorded);
  const byPlace = new Map(sorted.map((event) => [placeOf(event), event]));
  const earlier = predecessors(events);
  const placed = new Set<Untimed>();
  const order: StoryEvent[] = [];
  for (const event of sorted) {
    for (const next of unplacedBefore(event, byPlace, earlier, placed)) {
      placed.add(next);
      const cause = next.causePosition === undefined ? undefined : byPlace.get(next.causePosition);
      order.push({ ...next, lagMs: cause && Date.parse(next.recordedTime) - Date.parse(cause.recordedTime) });
    }
  }
  return order;
}

/** The trees of causes and effects that the events form, roots and effects in the order given. */
export function treeOf(events: readonly StoryEvent[]): readonly StoryNode[] {
  const nodes = new Map(events.map((event) => [placeOf(event), { event, effects: [] as StoryNode[] }]));
  const roots: StoryNode[] = [];
  for (const node of nodes.values()) {
    const cause = node.event.causePosition === undefined ? undefined : nodes.get(node.event.causePosition);
    if (cause && cause !== node) cause.effects.push(node);
    else roots.push(node);
  }
  return roots;
}

/** The event itself, after all that must come before it and is not placed yet. Nothing comes twice, whatever the causes claim. */
function unplacedBefore(
  event: Untimed,
  byPlace: ReadonlyMap<string, Untimed>,
  earlier: ReadonlyMap<Untimed, Untimed>,
  placed: ReadonlySet<Untimed>,
): readonly Untimed[] {
  const order: Untimed[] = [];
  const seen = new Set<Untimed>(placed);
  const waiting: { readonly event: Untimed; readonly after: boolean }[] = [{ event, after: false }];
  for (let top = waiting.pop(); top; top = waiting.pop()) {
    if (top.after) {
      order.push(top.event);
      continue;
    }
    if (seen.has(top.event)) continue;
    seen.add(top.event);
    waiting.push({ event: top.event, after: true });
    const cause = top.event.causePosition === undefined ? undefined : byPlace.get(top.event.causePosition);
    for (const before of [cause, earlier.get(top.event)]) if (before && !seen.has(before)) waiting.push({ event: before, after: false });
  }
  return order;
}

/** For each event the one before it in its partition. */
function predecessors(events: readonly Untimed[]): ReadonlyMap<Untimed, Untimed> {
  const earlier = new Map<Untimed, Untimed>();
  for (const ofPartition of Map.groupBy(events, ({ topic, partition }) => `${topic}/${String(partition)}`).values()) {
    const sorted = ofPartition.toSorted((a, b) => a.offset - b.offset);
    for (const [at, event] of sorted.entries()) {
      const before = sorted[at - 1];
      if (before) earlier.set(event, before);
    }
  }
  return earlier;
}

function asRecorded(a: Untimed, b: Untimed): number {
  return (
    Date.parse(a.recordedTime) - Date.parse(b.recordedTime) ||
    a.topic.localeCompare(b.topic) ||
    a.partition - b.partition ||
    a.offset - b.offset
  );
}
