DROP TRIGGER claims_casemessage_kept ON public.claims_casemessage;
DROP TRIGGER claims_casemessage_words_end ON public.claims_casemessage;
DROP FUNCTION public.claims_message_words_end();
REVOKE UPDATE (sealed) ON public.claims_casemessage FROM roms_app;
CREATE TRIGGER claims_casemessage_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.claims_casemessage
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
