export type BrokerSettings = {
  readonly port: number;
  readonly controllerPort: number;
  readonly logDir: string;
};

/** server.properties of one node that is broker and controller, for one machine. */
export function serverProperties({ port, controllerPort, logDir }: BrokerSettings): string {
  const listeners = `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`;
  return `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${controllerPort}
listeners=${listeners}
advertised.listeners=${listeners}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=${escaped(logDir)}

# Topics are made from the contracts, with their own settings; history is never deleted, whatever a topic forgot to say.
auto.create.topics.enable=false
num.partitions=3
default.replication.factor=1
log.retention.ms=-1
log.retention.bytes=-1
log.segment.bytes=67108864
# A signed webhook is kept whole, and an order of 10,000 lines is above Kafka's 1 MB.
message.max.bytes=16777216
replica.fetch.max.bytes=16777216

# One node.
offsets.topic.num.partitions=3
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1

# Quick joins and fail-over (Kafka's own: 3 s delay, 6 s minimum session).
# After a kill the node is let in again only when its former session has ended (Kafka's own: 9 s).
broker.session.timeout.ms=4000
broker.heartbeat.interval.ms=1000
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
group.consumer.min.session.timeout.ms=3000
group.consumer.session.timeout.ms=6000
group.consumer.min.heartbeat.interval.ms=500
group.consumer.heartbeat.interval.ms=1000
group.consumer.assignment.interval.ms=0

# Small and quiet: the cleaner's default buffer alone is 128 MB, and an idle controller writes twice a second.
log.cleaner.dedupe.buffer.size=4194304
metadata.max.idle.interval.ms=5000
num.network.threads=2
num.io.threads=4
background.threads=2
num.recovery.threads.per.data.dir=2
`;
}

/** Only warnings, and the one line that says the broker is ready. */
export const logging = `rootLogger.level=warn
rootLogger.appenderRef.c.ref=C
appender.c.type=Console
appender.c.name=C
appender.c.layout.type=PatternLayout
appender.c.layout.pattern=[%d] %p %m (%c)%n
logger.a.name=kafka.server.KafkaRaftServer
logger.a.level=info
`;

/** In a properties file a backslash escapes. */
function escaped(path: string): string {
  return path.replaceAll('\\', '\\\\');
}
