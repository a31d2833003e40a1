#!/bin/sh
# At the first start of the database: a role and a database for each service, and nobody else may enter it. What they are called and their
# passwords stand in the addresses that the services get, so there is one place for both.
set -eu
for file in /run/secrets/*-database-url; do
  address=$(cat "$file")
  login=${address#postgres://}
  role=${login%%:*}
  password=${login#*:}
  password=${password%%@*}
  psql --set ON_ERROR_STOP=1 --set role="$role" --set password="$password" --username "$POSTGRES_USER" --dbname postgres --quiet <<'SQL'
CREATE ROLE :"role" LOGIN PASSWORD :'password';
CREATE DATABASE :"role" OWNER :"role";
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
done
