-- A text once published stays a dated fact; a later one is a further row.

CREATE TRIGGER register_passagetext_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.register_passagetext
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE ALL ON public.register_passagetext FROM roms_app;
GRANT SELECT, INSERT ON public.register_passagetext TO roms_app;
