-- What the ledger promises, kept by the database for every role. Undone by guards_drop.sql.

-- 1. An entry is whole when its transaction commits: 2 to 50,000 postings, balanced in every currency.
-- A deferred trigger for each row would look up each entry's postings by itself (measured: 17 microseconds an entry).
-- So each statement that writes entries leaves one row here, whose own deferred trigger checks all of them at once and
-- takes the row away. Only these functions can write the table, and no transaction sees another's rows in it.

CREATE TABLE public.ledger_unchecked (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    first_entry bigint NOT NULL,
    last_entry bigint NOT NULL
);

CREATE FUNCTION public.ledger_note_entries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.ledger_unchecked (first_entry, last_entry)
    SELECT min(id), max(id) FROM fresh HAVING count(*) > 0;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_entry_noted AFTER INSERT ON public.ledger_entry
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_note_entries();

-- The check itself is in check_entries.sql.

CREATE CONSTRAINT TRIGGER ledger_entry_whole AFTER INSERT ON public.ledger_unchecked
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.ledger_check_entries();

-- 2. A posting belongs to an entry of the same transaction and to an account, and is in its balance from then on.
-- Once per statement. The time is compared too, so that an old entry cannot be reopened in a copy of the database
-- restored into a cluster whose transaction ids begin again. The planner settings keep a plan that was made for a bulk
-- call, and lives as long as the connection, from reading whole tables for the next single entry; and one made when the
-- tables were small from reading them once for every entry.

CREATE FUNCTION public.ledger_take_postings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_hashjoin = off SET enable_mergejoin = off SET enable_hashagg = off SET enable_seqscan = off AS $$
DECLARE
    first bigint;
    last bigint;
BEGIN
    SELECT min(entry_id), max(entry_id) INTO first, last FROM fresh;
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT entry_id FROM fresh) f
        LEFT JOIN public.ledger_entry e
            ON e.id = f.entry_id AND e.xid = pg_current_xact_id() AND e.created_at = now()
        WHERE e.id IS NULL
    ) THEN
        RAISE EXCEPTION 'a posting must be written in the transaction of its entry'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_posting_same_transaction';
    END IF;
    -- Entries that SET CONSTRAINTS has had checked already must be checked again.
    IF NOT EXISTS (SELECT FROM public.ledger_unchecked u WHERE u.first_entry <= first AND u.last_entry >= last) THEN
        INSERT INTO public.ledger_unchecked (first_entry, last_entry) SELECT first, last WHERE first IS NOT NULL;
    END IF;
    -- An account that is not there comes out of the join as null, which no balance takes.
    INSERT INTO public.ledger_accountbalance AS b (account_id, debit, credit)
    SELECT a.id, f.debit, f.credit
    FROM (SELECT account_id, sum(debit) AS debit, sum(credit) AS credit FROM fresh GROUP BY account_id) f
    LEFT JOIN public.ledger_account a ON a.id = f.account_id
    ORDER BY f.account_id
    ON CONFLICT (account_id) DO UPDATE SET debit = b.debit + excluded.debit, credit = b.credit + excluded.credit;
    RETURN NULL;
END
$$;

CREATE TRIGGER ledger_posting_taken AFTER INSERT ON public.ledger_posting
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.ledger_take_postings();

-- 3. Positions in the log follow one another without a gap, each of an entry. Once per statement.

-- The check itself is in check_leaves.sql.

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

-- The application chooses what an entry says, never its id, its time or its transaction.

REVOKE ALL ON public.ledger_account, public.ledger_entry, public.ledger_posting, public.ledger_logleaf,
    public.ledger_accountbalance, public.ledger_unchecked FROM roms_app;
GRANT SELECT ON public.ledger_account, public.ledger_entry, public.ledger_posting, public.ledger_logleaf,
    public.ledger_accountbalance TO roms_app;
GRANT INSERT (address, currency, place, owner, item) ON public.ledger_account TO roms_app;
GRANT INSERT (kind, idempotency_key, content_hash, batch, event_at, salt) ON public.ledger_entry TO roms_app;
GRANT INSERT (entry_id, account_id, lot, debit, credit) ON public.ledger_posting TO roms_app;
GRANT INSERT (position, entry_id, leaf_hash) ON public.ledger_logleaf TO roms_app;

-- A balance is updated for ever in its own page.
ALTER TABLE public.ledger_accountbalance SET (fillfactor = 70);
