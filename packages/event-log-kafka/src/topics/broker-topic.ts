/** What the broker must know of a topic. */
export interface BrokerTopic {
  readonly name: string;
  readonly partitions: number;
  /** Largest record batch in bytes. Default 1,048,588, the broker's own default. */
  readonly maxMessageBytes?: number;
}

export interface TopicOptions {
  /** 3 in production; 1 for a broker that is alone. */
  readonly replicationFactor: number;
}

const DEFAULT_MAX_MESSAGE_BYTES = 1_048_588;

/**
 * The settings that make a topic a log that keeps everything: no expiry, no compaction, bytes as they were sent, and no acknowledgement
 * before a second replica has a record.
 */
export function configOf(topic: BrokerTopic, { replicationFactor }: TopicOptions): Readonly<Record<string, string>> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': '-1',
    'retention.bytes': '-1',
    'compression.type': 'producer',
    'message.timestamp.type': 'CreateTime',
    'min.insync.replicas': String(Math.max(1, replicationFactor - 1)),
    'max.message.bytes': String(topic.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES),
    'unclean.leader.election.enable': 'false',
  };
}
