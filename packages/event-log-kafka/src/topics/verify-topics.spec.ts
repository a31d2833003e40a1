import { describe, expect, it } from '@jest/globals';
import { configOf } from './broker-topic.ts';
import type { LogState } from './describe-log.ts';
import { changesOf, settingChanges } from './verify-topics.ts';

const orders = { name: 'orders', partitions: 3 };
const options = { replicationFactor: 3 };
const asMade = configOf(orders, options);
const changesTo = (different: Record<string, string>) =>
  settingChanges(orders, new Map(Object.entries({ ...asMade, ...different })), options);

describe('the settings of a topic', () => {
  it('keep everything, as it was sent, on two replicas at least', () => {
    expect(asMade).toEqual({
      'cleanup.policy': 'delete',
      'retention.ms': '-1',
      'retention.bytes': '-1',
      'compression.type': 'producer',
      'message.timestamp.type': 'CreateTime',
      'min.insync.replicas': '2',
      'max.message.bytes': '1048588',
      'unclean.leader.election.enable': 'false',
    });
    expect(configOf(orders, { replicationFactor: 1 })['min.insync.replicas']).toBe('1');
    expect(changesTo({})).toEqual([]);
  });

  it.each([
    ['retention.ms', '604800000', 'orders: set retention.ms=-1 (it is 604800000)'],
    ['retention.bytes', '1000', 'orders: set retention.bytes=-1 (it is 1000)'],
    ['cleanup.policy', 'compact', 'orders: set cleanup.policy=delete (it is compact)'],
    ['compression.type', 'zstd', 'orders: set compression.type=producer (it is zstd)'],
    ['min.insync.replicas', '1', 'orders: set min.insync.replicas=2 (it is 1)'],
    ['max.message.bytes', '1000', 'orders: set max.message.bytes=1048588 (it is 1000)'],
  ])('refuse %s=%s and say what to change', (name, value, change) => {
    expect(changesTo({ [name]: value })).toEqual([change]);
  });

  it('may take larger records and ask for more replicas than was defined', () => {
    expect(changesTo({ 'max.message.bytes': '20000000', 'min.insync.replicas': '3' })).toEqual([]);
  });
});

describe('a log', () => {
  const broker = { nodeId: 1, address: 'a:9092', settings: new Map([['auto.create.topics.enable', 'false']]) };
  const state = { name: 'orders', partitions: 3, replicas: 3, inSync: 3, settings: new Map(Object.entries(asMade)) };
  const changes = (log: Partial<LogState>) => changesOf({ brokers: [broker], topics: [state], ...log }, [orders], options);

  it('is fit with its topics as they were made, also when brokers do not show their settings', () => {
    expect(changes({})).toEqual([]);
    expect(changes({ brokers: [{ ...broker, settings: undefined }] })).toEqual([]);
  });

  it.each([
    [
      'auto.create.topics.enable',
      'broker 1: set auto.create.topics.enable=false (it is true: a mistyped topic would come to be and expire)',
    ],
    [
      'unclean.leader.election.enable',
      'broker 1: set unclean.leader.election.enable=false (it is true: a copy that missed records could become leader)',
    ],
  ])('is refused when a broker has %s on', (name, change) => {
    expect(changes({ brokers: [{ ...broker, settings: new Map([[name, 'true']]) }] })).toEqual([change]);
  });

  it('is refused when a topic is missing, or has other partitions or too few copies', () => {
    expect(changes({ topics: [] })).toEqual(['orders: create it with 3 partitions']);
    expect(changes({ topics: [{ ...state, partitions: 4 }] })).toEqual([
      'orders: has 4 partitions, not 3; keys would move, so make a new topic or correct the definition',
    ]);
    expect(changes({ topics: [{ ...state, replicas: 1 }] })).toEqual([
      'orders: has 1 copy, not 3; reassign its partitions to more brokers',
    ]);
  });
});
