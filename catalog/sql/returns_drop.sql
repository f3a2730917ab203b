DROP TRIGGER catalog_return_append_only ON public.catalog_return;
DROP TRIGGER catalog_withdrawal_days ON public.catalog_withdrawal;
DROP TRIGGER catalog_return_ends ON public.catalog_return;
DROP FUNCTION public.catalog_withdrawal_ends_by_return();
DROP FUNCTION public.catalog_return_ends();
GRANT UPDATE, DELETE ON public.catalog_return TO roms_app;
