DROP TRIGGER claims_decision_append_only ON public.claims_decision;
GRANT UPDATE, DELETE ON public.claims_decision TO roms_app;
