DROP TRIGGER payouts_writeoff_kept ON public.payouts_writeoff;
DROP TRIGGER payouts_writeoff_figures_kept ON public.payouts_writeoff;
