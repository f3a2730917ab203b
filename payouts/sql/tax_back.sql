-- Tax given back with a payment is one of its figures: as little to be changed as the others.

DROP TRIGGER payouts_payment_figures_kept ON public.payouts_payment;
CREATE TRIGGER payouts_payment_figures_kept
    BEFORE UPDATE OF id, public_id, batch_id, holder_id, payee_id, currency, available, set_off, gross, tax_percent, tax,
        tax_back, administration_percent, administration, net, paid_currency, paid, rate, rate_date, rate_source
    ON public.payouts_payment
    FOR EACH STATEMENT EXECUTE FUNCTION public.core_refuse_change();
