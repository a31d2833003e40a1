import { describe, expect, it } from '@jest/globals';
import { configOf } from './broker-topic.ts';
import { settingChanges } from './verify-topics.ts';

const orders = { name: 'orders', partitions: 3 };
const options = { replicationFactor: 3 };
const asMade = configOf(orders, options);
const changesOf = (different: Record<string, string>) =>
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
    expect(changesOf({})).toEqual([]);
  });

  it.each([
    ['retention.ms', '604800000', 'orders: set retention.ms=-1 (it is 604800000)'],
    ['retention.bytes', '1000', 'orders: set retention.bytes=-1 (it is 1000)'],
    ['cleanup.policy', 'compact', 'orders: set cleanup.policy=delete (it is compact)'],
    ['compression.type', 'zstd', 'orders: set compression.type=producer (it is zstd)'],
    ['min.insync.replicas', '1', 'orders: set min.insync.replicas=2 (it is 1)'],
    ['max.message.bytes', '1000', 'orders: set max.message.bytes=1048588 (it is 1000)'],
  ])('refuse %s=%s and say what to change', (name, value, change) => {
    expect(changesOf({ [name]: value })).toEqual([change]);
  });

  it('may take larger records and ask for more replicas than was defined', () => {
    expect(changesOf({ 'max.message.bytes': '20000000', 'min.insync.replicas': '3' })).toEqual([]);
  });
});
