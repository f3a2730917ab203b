-- Words and keys can be erased, once; they are never rewritten, put back or taken away. A key may be wrapped anew.

CREATE FUNCTION public.core_note_erased_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.created_at <> OLD.created_at OR NEW.text <> '' OR NEW.erased_at IS NULL
        OR OLD.erased_at IS NOT NULL
    THEN
        RAISE EXCEPTION 'note % can only be erased, once', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER core_note_erased_only BEFORE UPDATE ON public.core_note
    FOR EACH ROW EXECUTE FUNCTION public.core_note_erased_only();
CREATE TRIGGER core_note_kept BEFORE DELETE OR TRUNCATE ON public.core_note
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

CREATE FUNCTION public.core_partykey_stays_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id <> OLD.id OR NEW.party <> OLD.party OR NEW.created_at <> OLD.created_at OR OLD.wrapped IS NULL THEN
        RAISE EXCEPTION 'the key of % can only be wrapped anew or erased, once', OLD.party
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER core_partykey_stays_erased BEFORE UPDATE ON public.core_partykey
    FOR EACH ROW EXECUTE FUNCTION public.core_partykey_stays_erased();
CREATE TRIGGER core_partykey_kept BEFORE DELETE OR TRUNCATE ON public.core_partykey
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE DELETE, TRUNCATE ON public.core_note, public.core_partykey FROM roms_app;
