-- One row per ladder that is being edited on a screen, so that a reload or a closed tab loses nothing. `body` is the screen's own JSON.
CREATE TABLE ladder_drafts (
    draft_id TEXT PRIMARY KEY, body TEXT NOT NULL, is_saved BOOLEAN NOT NULL, updated_at TIMESTAMP NOT NULL
);
