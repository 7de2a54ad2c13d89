#!/bin/sh
# Run once by the PostgreSQL image, on an empty volume: a role and a database for Ratchet, a role that may create databases for Temporal.
set -eu
psql --set ON_ERROR_STOP=1 --username postgres \
  --set ratchet="$RATCHET_DATABASE_PASSWORD" --set temporal="$TEMPORAL_DATABASE_PASSWORD" <<'SQL'
create role ratchet login password :'ratchet';
create database ratchet owner ratchet;
create role temporal login createdb password :'temporal';
SQL
