-- A certificate is decided once; what it says never changes.

CREATE TRIGGER payouts_taxresidence_kept BEFORE DELETE OR TRUNCATE ON public.payouts_taxresidence
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_taxresidence_figures_kept
    BEFORE UPDATE OF id, public_id, holder_id, country, "start", "end", document_id, proposed_by_id, proposed_at
    ON public.payouts_taxresidence
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE UPDATE, DELETE, TRUNCATE ON public.payouts_taxresidence FROM roms_app;
GRANT UPDATE (status, decided_by_id, decided_at) ON public.payouts_taxresidence TO roms_app;
