-- What the catalogue promises, kept by the database for every role. Undone by share_limit_drop.sql.

-- 1. Shares of one subject (a track, or a work for the right in the song), right, territory and day never exceed 100 %.
--
-- Once per statement, however many shares it writes. Writers of one subject queue up on its row, taken in id order; every
-- query after that sees what the ones before committed (which is why no other isolation level than READ COMMITTED will
-- do). NO KEY UPDATE keeps out only them, not those who write rows that merely refer to the subject.
--
-- A sum can only be highest on the first day of some share, so those days are enough. Where even the plain sum stays
-- within 100, territories need no look. The others are looked at bit by bit, but once per distinct combination of
-- territory sets and percents, of which a bulk load has few. A share with start = end holds on no day.

CREATE FUNCTION public.catalog_check_shares() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken record;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'shares must be written in a READ COMMITTED transaction' USING ERRCODE = 'invalid_transaction_state';
    END IF;

    PERFORM FROM public.catalog_track
        WHERE id = ANY (ARRAY(SELECT track_id FROM fresh WHERE track_id IS NOT NULL)) ORDER BY id FOR NO KEY UPDATE;
    PERFORM FROM public.catalog_work
        WHERE id = ANY (ARRAY(SELECT work_id FROM fresh WHERE work_id IS NOT NULL)) ORDER BY id FOR NO KEY UPDATE;

    WITH held AS MATERIALIZED (  -- all shares of the subjects at hand; a work's id is made negative to tell it from a track's
        SELECT coalesce(s.track_id, -s.work_id) AS subject, s."right", s.percent, s.territories_id,
            coalesce(s.start, '-infinity') AS start, coalesce(s."end", 'infinity') AS "end"
        FROM (
            SELECT o.* FROM (SELECT DISTINCT track_id, "right" FROM fresh WHERE track_id IS NOT NULL) f
            JOIN public.catalog_rightsshare o ON o.track_id = f.track_id AND o."right" = f."right"
            UNION ALL
            SELECT o.* FROM (SELECT DISTINCT work_id, "right" FROM fresh WHERE work_id IS NOT NULL) f
            JOIN public.catalog_rightsshare o ON o.work_id = f.work_id AND o."right" = f."right"
        ) s
        WHERE s.start IS NULL OR s."end" IS NULL OR s.start < s."end"
    ), crowded AS (
        SELECT d.subject, d."right", d.start,
            array_agg(h.territories_id ORDER BY h.territories_id, h.percent) AS territories,
            array_agg(h.percent ORDER BY h.territories_id, h.percent) AS percents
        FROM (SELECT DISTINCT subject, "right", start FROM held) d
        JOIN held h ON h.subject = d.subject AND h."right" = d."right" AND h.start <= d.start AND h."end" > d.start
        GROUP BY d.subject, d."right", d.start
        HAVING sum(h.percent) > 100
    ), excessive AS (
        SELECT c.territories, c.percents
        FROM (SELECT DISTINCT territories, percents FROM crowded) c
        WHERE EXISTS (
            SELECT FROM unnest(c.territories, c.percents) AS u (territories_id, percent)
            JOIN public.catalog_territoryset t ON t.id = u.territories_id
            JOIN generate_series(0, length(t.bits) - 1) AS bit ON get_bit(t.bits, bit) = 1
            GROUP BY bit HAVING sum(u.percent) > 100
        )
    )
    SELECT c.* INTO broken FROM crowded c JOIN excessive USING (territories, percents)
    ORDER BY c.subject, c."right", c.start LIMIT 1;

    IF FOUND THEN
        RAISE EXCEPTION 'shares above 100 %%: % % of % from %',
            CASE WHEN broken.subject > 0 THEN 'track' ELSE 'work' END, abs(broken.subject), broken."right", broken.start
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_share_limit', TABLE = 'catalog_rightsshare',
                DETAIL = format('{"%s": %s, "right": "%s", "start": "%s"}',
                    CASE WHEN broken.subject > 0 THEN 'track' ELSE 'work' END, abs(broken.subject), broken."right",
                    nullif(broken.start, '-infinity'));
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER catalog_share_limit_insert AFTER INSERT ON public.catalog_rightsshare
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.catalog_check_shares();
CREATE TRIGGER catalog_share_limit_update AFTER UPDATE ON public.catalog_rightsshare
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.catalog_check_shares();

-- 2. The works a track plays make up no more than 100 % of it on any day. The same manner, without territories.

CREATE FUNCTION public.catalog_check_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'parts must be written in a READ COMMITTED transaction' USING ERRCODE = 'invalid_transaction_state';
    END IF;

    PERFORM FROM public.catalog_track WHERE id = ANY (ARRAY(SELECT track_id FROM fresh)) ORDER BY id FOR NO KEY UPDATE;

    WITH held AS MATERIALIZED (
        SELECT p.track_id, p.percent, coalesce(p.start, '-infinity') AS start, coalesce(p."end", 'infinity') AS "end"
        FROM (SELECT DISTINCT track_id FROM fresh) f JOIN public.catalog_trackwork p ON p.track_id = f.track_id
        WHERE p.start IS NULL OR p."end" IS NULL OR p.start < p."end"
    )
    SELECT d.track_id INTO broken
    FROM (SELECT DISTINCT track_id, start FROM held) d
    JOIN held h ON h.track_id = d.track_id AND h.start <= d.start AND h."end" > d.start
    GROUP BY d.track_id, d.start
    HAVING sum(h.percent) > 100
    ORDER BY d.track_id LIMIT 1;

    IF FOUND THEN
        RAISE EXCEPTION 'works above 100 %% in track %', broken
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_part_limit', TABLE = 'catalog_trackwork',
                DETAIL = format('{"track": %s}', broken);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER catalog_part_limit_insert AFTER INSERT ON public.catalog_trackwork
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.catalog_check_parts();
CREATE TRIGGER catalog_part_limit_update AFTER UPDATE ON public.catalog_trackwork
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.catalog_check_parts();

-- 3. A territory set means the same for ever; shares and withdrawals are shortened, never deleted.

CREATE TRIGGER catalog_territoryset_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.catalog_territoryset
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER catalog_rightsshare_kept BEFORE DELETE OR TRUNCATE ON public.catalog_rightsshare
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER catalog_withdrawal_kept BEFORE DELETE OR TRUNCATE ON public.catalog_withdrawal
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON public.catalog_territoryset FROM roms_app;
REVOKE DELETE, TRUNCATE ON public.catalog_rightsshare, public.catalog_withdrawal FROM roms_app;
