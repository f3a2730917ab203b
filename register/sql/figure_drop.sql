DROP TRIGGER register_figure_append_only ON public.register_figure;
GRANT ALL ON public.register_figure TO roms_app;
