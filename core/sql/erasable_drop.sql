DROP TRIGGER core_note_erased_only ON public.core_note;
DROP TRIGGER core_note_kept ON public.core_note;
DROP TRIGGER core_partykey_stays_erased ON public.core_partykey;
DROP TRIGGER core_partykey_kept ON public.core_partykey;
DROP FUNCTION public.core_note_erased_only();
DROP FUNCTION public.core_partykey_stays_erased();
GRANT DELETE ON public.core_note, public.core_partykey TO roms_app;
