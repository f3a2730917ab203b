DROP TRIGGER IF EXISTS sales_mappingversion_append_only ON public.sales_mappingversion;
