#!/bin/bash
# As the public image: KAFKA_SOME_SETTING becomes some.setting, two underscores become one, three a dash; storage is formatted once.
set -eu
properties=/tmp/server.properties
env | grep '^KAFKA_' | grep -v -e '^KAFKA_HEAP_OPTS=' -e '^KAFKA_VERSION=' -e '^KAFKA_OPTS=' | while IFS='=' read -r name value; do
  name=${name#KAFKA_}
  name=${name,,}
  name=${name//___/-}
  name=${name//__/ }
  name=${name//_/.}
  echo "${name// /_}=$value"
done > "$properties"
run() { java ${KAFKA_HEAP_OPTS:-} -XX:+UseSerialGC -cp '/opt/kafka/libs/*' "$@"; }
run kafka.tools.StorageTool format --ignore-formatted -t "$CLUSTER_ID" -c "$properties"
exec java ${KAFKA_HEAP_OPTS:-} -XX:+UseSerialGC -cp '/opt/kafka/libs/*' kafka.Kafka "$properties"
