DROP TRIGGER register_openfile_append_only ON public.register_openfile;
GRANT ALL ON public.register_openfile TO roms_app;
