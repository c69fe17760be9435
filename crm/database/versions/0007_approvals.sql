-- One row per approval of a campaign by a second person. `words`: SHA-256 of what was approved (the whole spec): another word asks again. Append-only.
CREATE TABLE approvals (
    campaign_id TEXT NOT NULL, words TEXT NOT NULL, recipients BIGINT NOT NULL, user_id TEXT NOT NULL, actor TEXT NOT NULL, approved_at TIMESTAMP NOT NULL
);
