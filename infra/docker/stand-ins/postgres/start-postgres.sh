#!/bin/sh
# As the public image: the first start makes the data folder and runs what lies in /docker-entrypoint-initdb.d, on the socket only.
set -eu
bin=/opt/postgres/bin
user=${POSTGRES_USER:-postgres}
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  "$bin/initdb" -D "$PGDATA" -U "$user" --pwfile="$POSTGRES_PASSWORD_FILE" --auth-local=trust --auth-host=scram-sha-256 -E UTF8 --locale=C --no-instructions
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  "$bin/postgres" -D "$PGDATA" -c listen_addresses='' -c unix_socket_directories=/var/run/postgresql &
  server=$!
  until pg_isready --host /var/run/postgresql --quiet; do sleep 0.2; done
  export PGHOST=/var/run/postgresql POSTGRES_USER="$user"
  for script in /docker-entrypoint-initdb.d/*.sh; do echo "running $script"; sh "$script"; done
  kill -INT "$server"
  wait "$server"
fi
[ "$1" = postgres ] && shift
exec "$bin/postgres" -D "$PGDATA" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql "$@"
