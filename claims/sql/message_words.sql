-- The words of a message can be emptied once they were kept long enough; who wrote when, and in which case, stays.

CREATE FUNCTION public.claims_message_words_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.sealed <> ''::bytea OR to_jsonb(NEW) - 'sealed' <> to_jsonb(OLD) - 'sealed' THEN
        RAISE EXCEPTION 'the words of message % can only be emptied', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

DROP TRIGGER claims_casemessage_append_only ON public.claims_casemessage;
CREATE TRIGGER claims_casemessage_words_end BEFORE UPDATE ON public.claims_casemessage
    FOR EACH ROW EXECUTE FUNCTION public.claims_message_words_end();
CREATE TRIGGER claims_casemessage_kept BEFORE DELETE OR TRUNCATE ON public.claims_casemessage
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
GRANT UPDATE (sealed) ON public.claims_casemessage TO roms_app;
