-- The check of entries that guards.sql calls at commit; it can be loaded again when its text changes.
--
-- Entries and postings are stacked and grouped once, not joined: where statistics are older than a large report, a join
-- is planned for one entry and reads the postings of all of them again for each (13 entries of 600,000 postings: 13
-- times as long as needed). The currency is a scalar subquery and sequential scans are off for the same reason: no stale
-- statistics can turn the check into anything but index look-ups of the entries in question.

CREATE OR REPLACE FUNCTION public.ledger_check_entries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    broken record;
BEGIN
    SELECT c.entry_id AS id, sum(c.postings) AS postings INTO broken
    FROM (
        SELECT p.entry_id, count(*) AS postings, sum(p.debit) AS debit, sum(p.credit) AS credit, FALSE AS is_ours
        FROM public.ledger_posting p
        WHERE p.entry_id BETWEEN NEW.first_entry AND NEW.last_entry
        GROUP BY p.entry_id, (SELECT a.currency FROM public.ledger_account a WHERE a.id = p.account_id)
        UNION ALL
        SELECT e.id, 0, 0, 0, TRUE
        FROM public.ledger_entry e
        WHERE e.id BETWEEN NEW.first_entry AND NEW.last_entry AND e.xid = pg_current_xact_id()
    ) c
    GROUP BY c.entry_id
    HAVING bool_or(c.is_ours) AND (NOT bool_and(c.debit = c.credit) OR sum(c.postings) NOT BETWEEN 2 AND 50000)
    ORDER BY c.entry_id LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'entry % with % postings is not 2 to 50000 postings in balance', broken.id, broken.postings
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_whole';
    END IF;
    DELETE FROM public.ledger_unchecked WHERE id = NEW.id;
    RETURN NULL;
END
$$;
