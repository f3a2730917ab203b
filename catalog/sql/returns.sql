-- A withdrawal ends by a Return and by nothing else; a Return stays as it was written.

CREATE FUNCTION public.catalog_return_ends() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE public.catalog_withdrawal w SET "end" = f.start
    FROM (SELECT withdrawal_id, min(start) AS start FROM fresh GROUP BY 1) f
    WHERE w.id = f.withdrawal_id AND w.start <= f.start AND (w."end" IS NULL OR w."end" > f.start);
    IF EXISTS (
        SELECT FROM fresh f JOIN public.catalog_withdrawal w ON w.id = f.withdrawal_id
        WHERE w."end" IS DISTINCT FROM f.start
    ) THEN
        RAISE EXCEPTION 'a return must lie between the start and the present end of its withdrawal'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_return_ends', TABLE = 'catalog_return';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION public.catalog_withdrawal_ends_by_return() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public AS $$
BEGIN
    IF pg_trigger_depth() < 2 OR NEW.start IS DISTINCT FROM OLD.start THEN
        RAISE EXCEPTION 'the days of a withdrawal change by a return only'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'catalog_withdrawal_days', TABLE = 'catalog_withdrawal';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER catalog_return_ends AFTER INSERT ON public.catalog_return
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION public.catalog_return_ends();
CREATE TRIGGER catalog_withdrawal_days BEFORE UPDATE OF start, "end" ON public.catalog_withdrawal
    FOR EACH ROW WHEN (OLD.start IS DISTINCT FROM NEW.start OR OLD."end" IS DISTINCT FROM NEW."end")
    EXECUTE FUNCTION public.catalog_withdrawal_ends_by_return();
CREATE TRIGGER catalog_return_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.catalog_return
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON public.catalog_return FROM roms_app;
