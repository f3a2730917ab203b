-- Books that are closed up to a day stay as they were: no entry is dated before it any more, whoever writes it.
--
-- Who writes entries holds a shared lock until the end of the transaction, so writers never wait for each other; a close
-- comes in force under the exclusive one, when nobody is writing. So each entry is either there before the close or
-- sees it. The lock is taken before the close is read; both are statements of their own and see what was committed.

CREATE FUNCTION public.ledger_first_open() RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('ledger.books'));
    RETURN (
        SELECT c.first_open::timestamp AT TIME ZONE 'UTC' FROM public.ledger_booksclose c
        WHERE c.status = 'in_force' ORDER BY c.decided_at DESC LIMIT 1
    );
END
$$;

-- What is booked late, because the books of its own day are closed, is dated now; its document keeps the day.

CREATE FUNCTION public.ledger_booked_at(event_at timestamptz) RETURNS timestamptz
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN CASE WHEN event_at < public.ledger_first_open() THEN now() ELSE event_at END;
END
$$;

CREATE OR REPLACE FUNCTION public.ledger_note_entries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first_open timestamptz := public.ledger_first_open();
    earliest timestamptz;
    first bigint;
    last bigint;
BEGIN
    SELECT min(event_at), min(id), max(id) INTO earliest, first, last FROM fresh;
    IF earliest < first_open THEN
        RAISE EXCEPTION 'the books are closed before %, and an entry is dated %', first_open, earliest
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_books_closed';
    END IF;
    INSERT INTO public.ledger_unchecked (first_entry, last_entry) SELECT first, last WHERE first IS NOT NULL;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.ledger_decide_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'proposed' THEN
            RAISE EXCEPTION 'a close is proposed first' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.status <> 'proposed' OR (NEW.first_open, NEW.proposed_by_id, NEW.proposed_at)
        IS DISTINCT FROM (OLD.first_open, OLD.proposed_by_id, OLD.proposed_at)
    THEN
        RAISE EXCEPTION 'a close that was decided stays as it is' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.status = 'in_force' THEN
        PERFORM pg_advisory_xact_lock(hashtext('ledger.books'));
    END IF;
    IF NEW.status <> 'proposed' THEN
        NEW.decided_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER ledger_booksclose_decided BEFORE INSERT OR UPDATE ON public.ledger_booksclose
    FOR EACH ROW EXECUTE FUNCTION public.ledger_decide_close();

CREATE INDEX ledger_booksclose_newest ON public.ledger_booksclose (decided_at DESC) WHERE status = 'in_force';

REVOKE UPDATE ON public.ledger_booksclose FROM roms_app;
GRANT UPDATE (status, decided_by_id) ON public.ledger_booksclose TO roms_app;
