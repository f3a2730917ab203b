-- The planner knows how many rows a table has from autovacuum, which comes up to a minute after the first were written,
-- or in the middle of writing them and then finds none. By such a count each name was compared with each track.
--
-- Whoever writes many rows at once says so, and the table is counted at once if these are more than were counted last.
-- It stays with the writer until the commit, so that autovacuum cannot count it as empty meanwhile; a table in other
-- hands is left to them. ANALYZE is the owner's right.
CREATE FUNCTION public.core_count_anew(counted regclass, written bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT reltuples < written FROM pg_class WHERE oid = counted) THEN
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s', counted);
    END IF;
END $$;
