-- How far this file has seen the journal beside it. One row per change that told it something; the highest number of a journal counts.
CREATE TABLE journal_seen (journal TEXT NOT NULL, number BIGINT NOT NULL);

-- Batches that the journal knows and this file did not, because it is an older copy. `decision`: kept or forgotten, by a person.
CREATE TABLE handed_over (
    attempt_id TEXT NOT NULL, campaign_id TEXT NOT NULL, name TEXT NOT NULL, happened_at TIMESTAMP NOT NULL, accepted BOOLEAN NOT NULL,
    decision TEXT, decided_at TIMESTAMP
);

-- Their people, as keyed hashes: the journal names nobody.
CREATE TABLE handed_over_people (attempt_id TEXT NOT NULL, address TEXT NOT NULL, person TEXT NOT NULL, message TEXT NOT NULL);

-- Opt-outs that the journal knows of addresses that this file does not know (yet), as keyed hashes.
CREATE TABLE refusals_heard (sign TEXT NOT NULL, happened_at TIMESTAMP NOT NULL);
