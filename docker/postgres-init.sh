#!/bin/sh
# Run once by the postgres image in an empty volume: the two roles with their passwords, the database, its extensions.
set -eu
psql --set ON_ERROR_STOP=1 --set app="$ROMS_APP_PASSWORD" --set owner="$ROMS_OWNER_PASSWORD" <<'SQL'
CREATE ROLE roms_owner LOGIN PASSWORD :'owner';
CREATE ROLE roms_app LOGIN PASSWORD :'app';
CREATE DATABASE roms OWNER roms_owner TEMPLATE template0 ENCODING 'UTF8'
    LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8';
SQL
psql --set ON_ERROR_STOP=1 --dbname roms --file /bootstrap.sql
