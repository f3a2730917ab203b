-- What was given away on a day stays what it was.

CREATE TRIGGER register_openfile_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.register_openfile
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE ALL ON public.register_openfile FROM roms_app;
GRANT SELECT, INSERT ON public.register_openfile TO roms_app;
