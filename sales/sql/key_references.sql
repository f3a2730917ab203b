-- What a store key refers to exists, and stays: the rule of its foreign keys, checked once per statement.
--
-- A first report of a store has some hundred thousand keys. 160,000 of them with foreign keys and the indexes Django
-- makes beside them took 7.9 CPU seconds, without 3.2. See sale_references.sql for what a foreign key does beyond.

CREATE FUNCTION sales_key_refers() RETURNS trigger LANGUAGE plpgsql SET work_mem = '64MB' AS $$
DECLARE
    missing text;
BEGIN
    SELECT CASE
        WHEN l.id IS NULL THEN 'licensee ' || n.licensee_id
        WHEN t.id IS NULL AND n.track_id IS NOT NULL THEN 'track ' || n.track_id
        ELSE 'release ' || n.release_id END
    INTO missing
    FROM (SELECT DISTINCT licensee_id, track_id, release_id FROM new_rows) n
    LEFT JOIN public.sales_licensee l ON l.id = n.licensee_id
    LEFT JOIN public.catalog_track t ON t.id = n.track_id
    LEFT JOIN public.catalog_release r ON r.id = n.release_id
    WHERE l.id IS NULL OR (t.id IS NULL AND n.track_id IS NOT NULL) OR (r.id IS NULL AND n.release_id IS NOT NULL)
    LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'a store key refers to %, which does not exist', missing
            USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER sales_key_refers_insert AFTER INSERT ON sales_storekey
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_key_refers();
CREATE TRIGGER sales_key_refers_update AFTER UPDATE ON sales_storekey
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_key_refers();

CREATE FUNCTION sales_parent_of_key() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept boolean;
BEGIN
    EXECUTE format(
        'SELECT EXISTS (SELECT FROM public.sales_storekey k WHERE k.%I IN (SELECT id FROM old_rows))', TG_ARGV[0]
    ) INTO kept;
    IF kept THEN
        RAISE EXCEPTION 'a store key refers to this row of %', TG_TABLE_NAME USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER sales_parent_of_key AFTER DELETE ON sales_licensee
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_parent_of_key('licensee_id');
CREATE TRIGGER sales_parent_of_key AFTER DELETE ON catalog_track
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_parent_of_key('track_id');
CREATE TRIGGER sales_parent_of_key AFTER DELETE ON catalog_release
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION sales_parent_of_key('release_id');
