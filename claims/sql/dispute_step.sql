-- What a party answered and what a reviewer found is never changed: a later row takes its place.

CREATE TRIGGER claims_disputeanswer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.claims_disputeanswer
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER claims_disputeverdict_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.claims_disputeverdict
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON public.claims_disputeanswer, public.claims_disputeverdict FROM roms_app;
