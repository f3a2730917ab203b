DROP TRIGGER sales_parent_of_key ON catalog_release;
DROP TRIGGER sales_parent_of_key ON catalog_track;
DROP TRIGGER sales_parent_of_key ON sales_licensee;
DROP FUNCTION sales_parent_of_key();
DROP TRIGGER sales_key_refers_update ON sales_storekey;
DROP TRIGGER sales_key_refers_insert ON sales_storekey;
DROP FUNCTION sales_key_refers();
