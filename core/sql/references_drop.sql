DROP FUNCTION public.core_referred_to();
DROP FUNCTION public.core_refers_anew();
DROP FUNCTION public.core_refers();
