-- A figure once published is never changed: a correction is a further row.

CREATE TRIGGER register_figure_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.register_figure
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE ALL ON public.register_figure FROM roms_app;
GRANT SELECT, INSERT ON public.register_figure TO roms_app;
