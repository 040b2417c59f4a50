-- Run in the centre's database for each store:
--   psql -v store=loja1 -v address='host=… user=… dbname=…' -f subscribe.sql
CREATE SUBSCRIPTION :store CONNECTION :'address' PUBLICATION loja WITH (copy_data = true);
