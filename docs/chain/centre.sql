-- Run once in the centre's database, whose tables a till of the same version has made.
-- Numbers run per till and per store: what is unique in each store is not so in the centre.
DROP INDEX sale_number_till, journalrow_till_seq, cashmoverow_till_number, shiftrow_till_number,
  creditrow_till_number, topuprow_provider_provider_key, itemrow_holds, subscriberactionrow_holds;
CREATE INDEX sale_number_till ON sale (number, till);
CREATE INDEX journalrow_till_seq ON journal (till, seq);
-- What is the same in every store: goods and prices, and the people. They are kept in the centre only.
CREATE PUBLICATION centro FOR TABLE product, product_word, operator;
