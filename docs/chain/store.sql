-- Run in each store's database, once its tables are there (a till has opened it):
--   psql -v store=loja1 -v centre='host=... user=... dbname=...' -f store.sql
-- Publishes what happens here; what the centre decides flows back. `writer`, `counter` and `schema_migration` are
-- each server's own, and an online shop's orders are read by every store itself.
CREATE PUBLICATION loja FOR TABLE
  sale, sale_item, topup, payment, print_job, journal, shift, cash_move, customer, customer_word, tef_operation,
  recurring_attempt, recurring_instalment, recurring_notice, subscriber_action, subscriber_credit, card_receipt,
  card_edition, card_link, late_claim;
CREATE SUBSCRIPTION centro_:store CONNECTION :'centre' PUBLICATION centro WITH (copy_data = true);
