DROP TRIGGER register_passagetext_append_only ON public.register_passagetext;
GRANT ALL ON public.register_passagetext TO roms_app;
