export type BrokerSettings = {
  readonly port: number;
  readonly controllerPort: number;
  readonly logDir: string;
  /** Alone when absent. */
  readonly member?: ClusterMember;
  /** TLS and passwords on all ways in, and nothing allowed that was not granted. Absent: open to this machine. */
  readonly security?: BrokerSecurity;
};

export type BrokerSecurity = {
  readonly keyStoreFile: string;
  readonly trustStoreFile: string;
  readonly storePassword: string;
  /** May do everything: grants rights to the others. */
  readonly administrator: string;
  /** Of the broker itself, when brokers speak to each other. */
  readonly brokerPassword: string;
};

export type ClusterMember = {
  /** From 1. */
  readonly nodeId: number;
  /** Where brokers speak to each other, apart from clients. */
  readonly internalPort: number;
  /** Where clients are told to come: the broker's own port, or one that leads there. */
  readonly advertisedPort: number;
  /** Of all members, in the order of their ids. */
  readonly controllerPorts: readonly number[];
};

/** server.properties of a node that is broker and controller, for one machine. */
export function serverProperties(settings: BrokerSettings): string {
  const { controllerPort, logDir, member } = settings;
  const { nodeId, controllerPorts } = member ?? { nodeId: 1, controllerPorts: [controllerPort] };
  // What every broker of three holds survives the loss of one; an acknowledgement means that two have it.
  const copies = Math.min(3, controllerPorts.length);
  const copiesInSync = Math.max(1, copies - 1);
  return `process.roles=broker,controller
node.id=${nodeId}
controller.quorum.bootstrap.servers=${controllerPorts.map((port) => `127.0.0.1:${port}`).join(',')}
${settings.security ? secured(settings, settings.security) : listeners(settings)}
controller.listener.names=CONTROLLER
log.dirs=${escaped(logDir)}

# Topics are made from the contracts, with their own settings; history is never deleted, whatever a topic forgot to say.
auto.create.topics.enable=false
num.partitions=3
default.replication.factor=${copies}
min.insync.replicas=${copiesInSync}
log.retention.ms=-1
log.retention.bytes=-1
log.segment.bytes=67108864
# A signed webhook is kept whole, and an order of 10,000 lines is above Kafka's 1 MB.
message.max.bytes=16777216
replica.fetch.max.bytes=16777216

offsets.topic.num.partitions=3
offsets.topic.replication.factor=${copies}
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=${copies}
transaction.state.log.min.isr=${copiesInSync}
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=${copies}
share.coordinator.state.topic.min.isr=${copiesInSync}

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

function listeners({ port, controllerPort, member }: BrokerSettings): string {
  const controller = `CONTROLLER://127.0.0.1:${controllerPort}`;
  if (!member) {
    const all = `PLAINTEXT://127.0.0.1:${port},${controller}`;
    return `listeners=${all}
advertised.listeners=${all}
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT`;
  }
  const internal = `INTERNAL://127.0.0.1:${member.internalPort}`;
  return `listeners=PLAINTEXT://127.0.0.1:${port},${internal},${controller}
advertised.listeners=PLAINTEXT://127.0.0.1:${member.advertisedPort},${internal},${controller}
inter.broker.listener.name=INTERNAL
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT`;
}

/**
 * Clients and brokers come with a password (SCRAM) over TLS. Controllers know each other by certificate, because passwords are kept in the
 * log that they are only about to read.
 */
function secured({ port, controllerPort }: BrokerSettings, security: BrokerSecurity): string {
  const all = `SASL_SSL://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`;
  const login = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
  return `listeners=${all}
advertised.listeners=${all}
listener.security.protocol.map=CONTROLLER:SSL,SASL_SSL:SASL_SSL
inter.broker.listener.name=SASL_SSL
sasl.enabled.mechanisms=SCRAM-SHA-512
sasl.mechanism.inter.broker.protocol=SCRAM-SHA-512
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=${login} username="broker" password="${security.brokerPassword}";
ssl.keystore.type=PKCS12
ssl.keystore.location=${escaped(security.keyStoreFile)}
ssl.keystore.password=${security.storePassword}
ssl.truststore.type=PKCS12
ssl.truststore.location=${escaped(security.trustStoreFile)}
ssl.truststore.password=${security.storePassword}
listener.name.controller.ssl.client.auth=required
ssl.principal.mapping.rules=RULE:^CN=([^,]+).*$/$1/,DEFAULT
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=false
super.users=User:broker;User:${security.administrator}`;
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
