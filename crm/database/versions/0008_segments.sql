-- One row per list of customers: `kind` pasted (looked up in what a person pasted; the text itself is kept nowhere) or frozen (the members of a
-- segment on a day). `origin`: JSON, of a frozen list {segment, rung, as_of}. `given`: different entries looked up; `found`: people when it was made.
CREATE TABLE customer_lists (
    list_id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, origin TEXT NOT NULL, given BIGINT NOT NULL, found BIGINT NOT NULL,
    actor TEXT NOT NULL, made_at TIMESTAMP NOT NULL
);

-- One row per customer on a list, under the id she had when it was made (`merged_customers` says as whom she lives on).
CREATE TABLE customer_list_members (list_id TEXT NOT NULL, customer_id TEXT NOT NULL);

-- One row per saved state of a segment, the latest among them. Append-only. `actor` is empty where nobody wrote down who it was.
CREATE TABLE segment_versions AS
SELECT segment_id, coalesce(version, 1) AS version, name, definition, updated_at AS saved_at, '' AS actor FROM segments;
ALTER TABLE segment_versions ALTER segment_id SET NOT NULL;
ALTER TABLE segment_versions ALTER version SET NOT NULL;
ALTER TABLE segment_versions ALTER name SET NOT NULL;
ALTER TABLE segment_versions ALTER definition SET NOT NULL;
ALTER TABLE segment_versions ALTER saved_at SET NOT NULL;
ALTER TABLE segment_versions ALTER actor SET NOT NULL;

-- By which the shop sorts its segments: a JSON list of words.
ALTER TABLE segments ADD COLUMN tags TEXT DEFAULT '[]';
