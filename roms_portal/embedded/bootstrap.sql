-- What a superuser does once in a new, empty database of the portal; roles roms_owner and roms_app exist already.
-- The embedded servers, docker-compose.yml and any external PostgreSQL 18 use this one file.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- roms_owner makes tables (migrations only); roms_app reads and writes rows and makes temporary tables, nothing else.
ALTER SCHEMA public OWNER TO roms_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO roms_app;
ALTER DEFAULT PRIVILEGES FOR ROLE roms_owner IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO roms_app;
ALTER DEFAULT PRIVILEGES FOR ROLE roms_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO roms_app;
