DROP TRIGGER sales_parent_of_sale ON catalog_track;
DROP TRIGGER sales_parent_of_sale ON sales_tariff;
DROP TRIGGER sales_parent_of_sale ON sales_storekey;
DROP TRIGGER sales_parent_of_sale ON sales_salesreport;
DROP FUNCTION sales_parent_of_sale();
DROP TRIGGER sales_sale_refers_update ON sales_sale;
DROP TRIGGER sales_sale_refers_insert ON sales_sale;
DROP FUNCTION sales_sale_refers();
