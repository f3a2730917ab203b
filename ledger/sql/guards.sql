-- What the ledger promises, kept by the database for every role. Undone by guards_drop.sql.

-- 1. An entry is whole when its transaction commits: 2 to 50,000 postings, balanced in every currency.
-- One call per entry. The currency is a scalar subquery and sequential scans are off so that no stale statistics can make
-- this anything but index look-ups.

CREATE FUNCTION public.ledger_check_entry() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
    postings bigint;
    balanced boolean;
BEGIN
    SELECT sum(c.postings), bool_and(c.debit = c.credit) INTO postings, balanced
    FROM (
        SELECT count(*) AS postings, sum(p.debit) AS debit, sum(p.credit) AS credit
        FROM public.ledger_posting p
        WHERE p.entry_id = NEW.id
        GROUP BY (SELECT a.currency FROM public.ledger_account a WHERE a.id = p.account_id)
    ) c;
    IF postings IS NULL OR postings NOT BETWEEN 2 AND 50000 THEN
        RAISE EXCEPTION 'entry % has % postings, not 2 to 50000', NEW.id, coalesce(postings, 0)
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_whole';
    END IF;
    IF NOT balanced THEN
        RAISE EXCEPTION 'entry % does not balance', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_entry_whole';
    END IF;
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER ledger_entry_whole AFTER INSERT ON public.ledger_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.ledger_check_entry();

-- 2. A posting belongs to an entry of the same transaction, and is in its account's balance from then on.
-- Once per statement. The time is compared too, so that an old entry cannot be reopened in a copy of the database restored
-- into a cluster whose transaction ids begin again. The foreign key of a balance proves that the account exists.

CREATE FUNCTION public.ledger_take_postings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT entry_id FROM fresh) f
        LEFT JOIN public.ledger_entry e
            ON e.id = f.entry_id AND e.xid = pg_current_xact_id() AND e.created_at = now()
        WHERE e.id IS NULL
    ) THEN
        RAISE EXCEPTION 'a posting must be written in the transaction of its entry'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_same_transaction';
    END IF;
    INSERT INTO public.ledger_accountbalance AS b (account_id, debit, credit)
    SELECT account_id, sum(debit), sum(credit) FROM fresh GROUP BY account_id ORDER BY account_id
    ON CONFLICT (account_id) DO UPDATE SET debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_posting_taken AFTER INSERT ON public.ledger_posting
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_take_postings();

-- 3. Positions in the log follow one another without a gap. Once per statement.

CREATE FUNCTION public.ledger_check_leaves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
    last bigint;
    leaves bigint;
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
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_logleaf_contiguous AFTER INSERT ON public.ledger_logleaf
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_check_leaves();

-- 4. Nothing is changed or taken away; balances only by the function above.

CREATE TRIGGER ledger_account_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_account
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER ledger_posting_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_posting
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER ledger_logleaf_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.ledger_logleaf
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

-- The application chooses what an entry says, never its id, its time, its transaction or its salt.

REVOKE ALL ON public.ledger_account, public.ledger_entry, public.ledger_posting, public.ledger_logleaf,
    public.ledger_accountbalance FROM roms_app;
GRANT SELECT ON public.ledger_account, public.ledger_entry, public.ledger_posting, public.ledger_logleaf,
    public.ledger_accountbalance TO roms_app;
GRANT INSERT (address, currency, place, owner, item) ON public.ledger_account TO roms_app;
GRANT INSERT (kind, idempotency_key, content_hash, batch, event_at) ON public.ledger_entry TO roms_app;
GRANT INSERT (entry_id, account_id, lot, debit, credit) ON public.ledger_posting TO roms_app;
GRANT INSERT (position, entry_id, leaf_hash) ON public.ledger_logleaf TO roms_app;

-- A balance is updated for ever in its own page.
ALTER TABLE public.ledger_accountbalance SET (fillfactor = 70);
