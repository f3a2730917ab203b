-- A number that held is never changed: decisions stand on it. A later row takes its place.

CREATE TRIGGER claims_houserule_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.claims_houserule
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON public.claims_houserule FROM roms_app;
