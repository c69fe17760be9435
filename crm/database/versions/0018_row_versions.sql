-- Every change gives a row another version. Whoever saves says which one they looked at, so that no tab overwrites another unseen.
ALTER TABLE segments ADD COLUMN version BIGINT DEFAULT 1;
ALTER TABLE ladder_drafts ADD COLUMN version BIGINT DEFAULT 1;
ALTER TABLE campaigns ADD COLUMN version BIGINT DEFAULT 1;
ALTER TABLE settings ADD COLUMN version BIGINT DEFAULT 1;
