-- Documents people refer to by number are never changed or taken away, whoever asks.

CREATE TRIGGER payouts_amountdue_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_amountdue
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_remittanceallocation_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_remittanceallocation
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_statement_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_statement
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

-- The names on a transfer can be a person's, so they alone can be blanked.

CREATE TRIGGER payouts_remittance_kept BEFORE DELETE OR TRUNCATE ON public.payouts_remittance
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_remittance_figures_kept
    BEFORE UPDATE OF id, public_id, licensee_id, amount, currency, received_date, entered_by_id, entered_at
    ON public.payouts_remittance
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE UPDATE, DELETE, TRUNCATE ON public.payouts_amountdue, public.payouts_remittanceallocation,
    public.payouts_statement, public.payouts_remittance FROM roms_app;
GRANT UPDATE (payer, reference) ON public.payouts_remittance TO roms_app;
