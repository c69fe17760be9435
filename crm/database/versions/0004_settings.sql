-- One row per setting that was changed: what it was and what it became (JSON), when and by whom. `change_id`: what was saved at once. Append-only.
CREATE TABLE setting_changes (
    change_id TEXT NOT NULL, key TEXT NOT NULL, before TEXT, after TEXT NOT NULL, changed_at TIMESTAMP NOT NULL, actor TEXT NOT NULL
);
