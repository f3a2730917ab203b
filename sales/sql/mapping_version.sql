-- A version of a mapping template is never changed: reports name the one that read them.

CREATE TRIGGER sales_mappingversion_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.sales_mappingversion
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE ALL ON public.sales_mappingversion FROM roms_app;
GRANT SELECT, INSERT ON public.sales_mappingversion TO roms_app;
