DROP FUNCTION public.core_count_anew(regclass, bigint);
