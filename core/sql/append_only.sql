-- Rows of an append-only table are never changed, not even by the owner of the table.
-- The grant keeps the application's role out; the trigger keeps a tired migration out.

CREATE FUNCTION public.core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER core_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.core_event
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE ALL ON public.core_event FROM roms_app;
GRANT SELECT, INSERT ON public.core_event TO roms_app;
