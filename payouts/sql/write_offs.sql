-- A write-off is decided once; the rules of late fees are added to, never changed.

CREATE TRIGGER payouts_writeoff_kept BEFORE DELETE OR TRUNCATE ON public.payouts_writeoff
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_writeoff_figures_kept
    BEFORE UPDATE OF id, public_id, report_id, currency, amount, proposed_by_id, proposed_at ON public.payouts_writeoff
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE UPDATE, DELETE, TRUNCATE ON public.payouts_writeoff, public.payouts_latefeerule FROM roms_app;
GRANT UPDATE (status, decided_by_id, decided_at) ON public.payouts_writeoff TO roms_app;
