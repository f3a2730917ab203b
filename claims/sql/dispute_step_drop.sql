DROP TRIGGER claims_disputeanswer_append_only ON public.claims_disputeanswer;
DROP TRIGGER claims_disputeverdict_append_only ON public.claims_disputeverdict;
GRANT UPDATE, DELETE ON public.claims_disputeanswer, public.claims_disputeverdict TO roms_app;
