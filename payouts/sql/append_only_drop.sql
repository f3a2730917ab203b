DROP TRIGGER payouts_amountdue_append_only ON public.payouts_amountdue;
DROP TRIGGER payouts_remittanceallocation_append_only ON public.payouts_remittanceallocation;
DROP TRIGGER payouts_statement_append_only ON public.payouts_statement;
DROP TRIGGER payouts_remittance_kept ON public.payouts_remittance;
DROP TRIGGER payouts_remittance_figures_kept ON public.payouts_remittance;
GRANT UPDATE, DELETE ON public.payouts_amountdue, public.payouts_remittanceallocation, public.payouts_statement,
    public.payouts_remittance TO roms_app;
