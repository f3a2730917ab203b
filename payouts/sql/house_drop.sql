DROP TRIGGER payouts_housebooking_append_only ON public.payouts_housebooking;
GRANT UPDATE, DELETE ON public.payouts_housebooking TO roms_app;
DROP TRIGGER payouts_sanctionslist_append_only ON public.payouts_sanctionslist;
DROP TRIGGER payouts_sanctionsentry_append_only ON public.payouts_sanctionsentry;
GRANT UPDATE, DELETE ON public.payouts_sanctionslist, public.payouts_sanctionsentry TO roms_app;
