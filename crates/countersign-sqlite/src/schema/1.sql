CREATE TABLE countersign_meta (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The time is the latest that anything was written at, so that it never goes back.
INSERT INTO countersign_meta (name, value) VALUES ('version', 1), ('time', 0);

-- One row for each event. Times are milliseconds since 1970.
CREATE TABLE countersign_delivery (
    key BLOB PRIMARY KEY CHECK (length(key) = 32),
    state INTEGER NOT NULL CHECK (state IN (0, 1, 2)), -- in flight, completed, released
    token BLOB NOT NULL CHECK (length(token) = 16),
    attempt INTEGER NOT NULL CHECK (attempt BETWEEN 1 AND 4294967295),
    first_seen INTEGER NOT NULL,
    lease_end INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    fingerprint BLOB CHECK (length(fingerprint) = 16),
    signed_at INTEGER,
    answer BLOB
) STRICT, WITHOUT ROWID;

CREATE INDEX countersign_delivery_expires ON countersign_delivery (expires);
