-- What was decided is never changed, whoever asks: a later decision says that it undoes an earlier one.

CREATE TRIGGER claims_decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.claims_decision
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON public.claims_decision FROM roms_app;
