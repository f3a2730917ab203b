-- The check of leaves that guards.sql calls for every statement; it can be loaded again when its text changes.
--
-- Other plans than index look-ups are off: statistics of a log that has just grown are old, and by them the last leaf was
-- looked for in the whole log, batch after batch (2,000 leaves after 350,000: 16 microseconds a leaf for this alone).

CREATE OR REPLACE FUNCTION public.ledger_check_leaves() RETURNS trigger LANGUAGE plpgsql
    SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    first bigint;
    last bigint;
    leaves bigint;
    nobody bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, leaves FROM fresh;
    IF leaves = 0 THEN
        RETURN NULL;
    END IF;
    IF last - first + 1 <> leaves
        OR (first > 0 AND NOT EXISTS (SELECT FROM public.ledger_logleaf l WHERE l.position = first - 1))
        OR EXISTS (SELECT FROM public.ledger_logleaf l WHERE l.position > last)
    THEN
        RAISE EXCEPTION 'log positions % to % do not follow the last leaf', first, last
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_logleaf_contiguous';
    END IF;
    SELECT f.entry_id INTO nobody
    FROM fresh f LEFT JOIN public.ledger_entry e ON e.id = f.entry_id WHERE e.id IS NULL LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'a leaf is of entry %, which there is not', nobody
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'ledger_logleaf_of_an_entry';
    END IF;
    RETURN NULL;
END
$$;
