DROP FUNCTION sales_mark_late_key CASCADE;
