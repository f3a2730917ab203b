DROP TRIGGER core_event_append_only ON public.core_event;
DROP FUNCTION public.core_refuse_change();
