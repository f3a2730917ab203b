-- What was decided about money leaving the house is never changed: only how far it has come.

CREATE TRIGGER payouts_paymentfile_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_paymentfile
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_payment_kept BEFORE DELETE OR TRUNCATE ON public.payouts_payment
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_payment_figures_kept
    BEFORE UPDATE OF id, public_id, batch_id, holder_id, payee_id, currency, available, set_off, gross, tax_percent, tax,
        administration_percent, administration, net, paid_currency, paid, rate, rate_date, rate_source
    ON public.payouts_payment
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_payee_kept BEFORE DELETE OR TRUNCATE ON public.payouts_payee
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_payee_account_kept
    BEFORE UPDATE OF id, public_id, holder_id, scheme, country, currency, sealed, fingerprint, replaces_id,
        proposed_by_id, proposed_at
    ON public.payouts_payee
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_payoutbatch_kept BEFORE DELETE OR TRUNCATE ON public.payouts_payoutbatch
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_bankfile_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_bankfile
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_bankbalance_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON public.payouts_bankbalance
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
CREATE TRIGGER payouts_bankline_kept BEFORE DELETE OR TRUNCATE ON public.payouts_bankline
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();

REVOKE UPDATE, DELETE, TRUNCATE ON public.payouts_paymentfile, public.payouts_payment, public.payouts_payee,
    public.payouts_payoutbatch, public.payouts_bankfile, public.payouts_bankbalance, public.payouts_bankline,
    public.payouts_payoutterms, public.payouts_payoutminimum, public.payouts_withholdingrate FROM roms_app;
GRANT UPDATE (status, reason, settled_at) ON public.payouts_payment TO roms_app;
GRANT UPDATE (status, confirmed_by_id, confirmed_at, payable_from) ON public.payouts_payee TO roms_app;
GRANT UPDATE (status, approved_by_id, approved_at) ON public.payouts_payoutbatch TO roms_app;
GRANT UPDATE (outcome, reason, payment_id, remittance_id, payer, text) ON public.payouts_bankline TO roms_app;
REVOKE DELETE, TRUNCATE ON public.payouts_payouthold, public.payouts_payeenotice FROM roms_app;

INSERT INTO public.payouts_payoutterms (start, cooling_off_days, administration_percent, set_off_percent, source_note)
VALUES ('2000-01-01', 7, 0, 50, 'What the portal begins with; the society sets its own.');
