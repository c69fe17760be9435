-- People of the shop, and the trail of what they did.

-- One row per person who may sign in. `roles` and `special` (rights given beside the roles) are JSON lists of words; without `password` (its
-- hash) the invitation has not been taken up yet. Nobody is deleted: the trail names them.
CREATE TABLE users (
    user_id TEXT PRIMARY KEY, name TEXT NOT NULL, name_key TEXT NOT NULL, email TEXT, roles TEXT NOT NULL, special TEXT NOT NULL, password TEXT,
    created_at TIMESTAMP NOT NULL, closed_at TIMESTAMP, version BIGINT DEFAULT 1
);

-- One row per sign-in. `session_id`: SHA-256 of the token in the browser's cookie; `device`: SHA-256 of the browser's mark. Ended ones stay for
-- a while: they say which browsers a person has used.
CREATE TABLE sessions (
    session_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, device TEXT NOT NULL, browser TEXT NOT NULL, address TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL, seen_at TIMESTAMP NOT NULL, expires_at TIMESTAMP NOT NULL, ended_at TIMESTAMP
);

-- One row per one-time link with which somebody sets a password. `user_id` NULL: it makes the owner of a shop without users.
CREATE TABLE invitations (
    invitation_id TEXT PRIMARY KEY, user_id TEXT, created_at TIMESTAMP NOT NULL, expires_at TIMESTAMP NOT NULL, used_at TIMESTAMP
);

-- Who asked for a job.
ALTER TABLE jobs ADD COLUMN actor TEXT;

-- The trail gets its numbers and its chain; entries of before keep an empty digest.
ALTER TABLE audit ADD COLUMN entry_no BIGINT;
ALTER TABLE audit ADD COLUMN previous TEXT DEFAULT '';
ALTER TABLE audit ADD COLUMN digest TEXT DEFAULT '';
UPDATE audit SET entry_no = numbered.no
    FROM (SELECT rowid AS id, row_number() OVER (ORDER BY happened_at, rowid) AS no FROM audit) AS numbered WHERE audit.rowid = numbered.id;
