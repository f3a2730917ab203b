-- What was entered for the house, and lists as uploaded, are never changed or taken away, whoever asks.

CREATE TRIGGER payouts_housebooking_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_housebooking
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON public.payouts_housebooking FROM roms_app;

CREATE TRIGGER payouts_sanctionslist_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_sanctionslist
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_sanctionsentry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_sanctionsentry
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
REVOKE UPDATE, DELETE, TRUNCATE ON public.payouts_sanctionslist, public.payouts_sanctionsentry FROM roms_app;
