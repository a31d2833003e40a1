import { askBroker, Fields } from './ask-broker.ts';

export type PartitionState = {
  readonly topic: string;
  readonly partition: number;
  /** Node id; -1 when there is none. */
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
};

/** How all partitions stand, as the broker at this port sees it. */
export async function partitionsSeenBy(port: number): Promise<readonly PartitionState[]> {
  const body = new Fields().int32(-1).int8(0); // all topics, and make none
  const answer = await askBroker(port, { apiKey: 3, version: 4, body });
  answer.skip(4);
  answer.list(() => [answer.int32(), answer.text(), answer.int32(), answer.text()]);
  answer.text();
  answer.skip(4);
  const topics = answer.list(() => {
    answer.skip(2);
    const topic = answer.text() ?? '';
    answer.skip(1);
    return answer.list(() => {
      answer.skip(2);
      const [partition, leader] = [answer.int32(), answer.int32()];
      return { topic, partition, leader, replicas: answer.list(() => answer.int32()), inSync: answer.list(() => answer.int32()) };
    });
  });
  return topics.flat();
}

/** Node id of the active controller: the leader of the quorum that keeps the metadata. */
export async function activeController(port: number): Promise<number> {
  const body = new Fields().int8(2).compactText('__cluster_metadata').int8(2).int32(0).int8(0).int8(0).int8(0);
  const answer = await askBroker(port, { apiKey: 55, version: 0, flexible: true, body });
  const error = answer.int16();
  if (error !== 0) throw new Error(`no answer about the quorum (error ${error})`);
  answer.skip(1);
  answer.skip(answer.int8() - 1); // name of the topic
  answer.skip(1 + 4 + 2);
  return answer.int32();
}

/** Makes a topic with the cluster's own number of copies. */
export async function makeTopic(port: number, topic: string, partitions: number): Promise<void> {
  // -1 copies: as the broker is set. No assignment, no settings, 10 s, not only a trial.
  const body = new Fields().int32(1).text(topic).int32(partitions).int16(-1).int32(0).int32(0).int32(10_000).int8(0);
  const answer = await askBroker(port, { apiKey: 19, version: 4, body });
  answer.skip(4);
  for (const { error, why } of answer.list(() => ({ name: answer.text(), error: answer.int16(), why: answer.text() }))) {
    if (error !== 0) throw new Error(`the topic ${topic} was not made (error ${error}: ${why ?? 'no reason'})`);
  }
}

/** Deletes a topic with all that is in it. Must be asked of a broker that is up. */
export async function deleteTopic(port: number, topic: string): Promise<void> {
  const answer = await askBroker(port, { apiKey: 20, version: 1, body: new Fields().int32(1).text(topic).int32(10_000) });
  answer.skip(4);
  for (const error of answer.list(() => [answer.text(), answer.int16()][1])) {
    if (error !== 0) throw new Error(`the topic ${topic} was not deleted (error ${String(error)})`);
  }
}

/** Forgets a consumer group and all offsets that were committed for it. It must have no members. */
export async function deleteGroup(port: number, group: string): Promise<void> {
  const answer = await askBroker(port, { apiKey: 42, version: 0, body: new Fields().int32(1).text(group) });
  answer.skip(4);
  for (const error of answer.list(() => [answer.text(), answer.int16()][1])) {
    if (error !== 0) throw new Error(`the group ${group} was not deleted (error ${String(error)})`);
  }
}
