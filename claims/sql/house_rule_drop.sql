DROP TRIGGER claims_houserule_append_only ON public.claims_houserule;
GRANT UPDATE, DELETE ON public.claims_houserule TO roms_app;
