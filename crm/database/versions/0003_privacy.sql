-- People whose data was erased: nobody is named here. `mark` is a keyed hash (the key lies in the journal beside the database).

-- One row per thing by which she is recognised when an old file comes again. `kind`: account (a customer id), name (platform|account), order
-- (an order_key), mark (an account, phone, e-mail address or order id, as text). `token`, `customer_id`: the random account and customer under
-- which her orders go on counting, on this `platform` and `shop`; NULL where nobody was known to have placed them.
CREATE TABLE tombstones (
    kind TEXT NOT NULL, mark TEXT NOT NULL, token TEXT, customer_id TEXT, platform TEXT, shop TEXT, erased_at TIMESTAMP NOT NULL
);

-- One row per erasure, of one person or (by the retention rule) of many. `reason`: asked or retention.
CREATE TABLE erasures (
    erasure_id TEXT PRIMARY KEY, erased_at TIMESTAMP NOT NULL, people BIGINT NOT NULL, orders BIGINT NOT NULL, reason TEXT NOT NULL
);

-- Erasures that the journal knows and this file does not, because it is an older copy: done again at the next start. `entry` is the journal's.
CREATE TABLE erasures_heard (entry TEXT NOT NULL);
