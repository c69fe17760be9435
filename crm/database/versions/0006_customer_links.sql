-- One row per account and mark (a phone number or an e-mail address, as a digest) of a decision that accounts are one person, or are not.
-- Append-only. state: joined, apart, or undone (the decision of that link_id no longer counts). batch_id: what was decided with one click.
CREATE TABLE customer_links (
    link_id TEXT NOT NULL, batch_id TEXT NOT NULL, state TEXT NOT NULL, customer_id TEXT, evidence TEXT, mark TEXT,
    actor TEXT NOT NULL, happened_at TIMESTAMP NOT NULL
);
