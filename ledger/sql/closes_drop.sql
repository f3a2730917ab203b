-- Undoes closes.sql.
DROP TRIGGER ledger_booksclose_decided ON public.ledger_booksclose;
DROP FUNCTION public.ledger_decide_close();

CREATE OR REPLACE FUNCTION public.ledger_note_entries() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.ledger_unchecked (first_entry, last_entry)
    SELECT min(id), max(id) FROM fresh HAVING count(*) > 0;
    RETURN NULL;
END
$$;

DROP FUNCTION public.ledger_booked_at(timestamptz);
DROP FUNCTION public.ledger_first_open();
