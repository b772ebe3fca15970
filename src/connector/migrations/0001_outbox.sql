-- One row per message to the gateway. `body` holds tokens, never an identifier; `compact` is the
-- exact signed text, kept from before the first attempt on.
CREATE TABLE item (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    mt         TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('parked', 'waiting', 'done', 'refused', 'failed')),
    lane       TEXT,
    body       BLOB    NOT NULL,
    operator   TEXT    NOT NULL,
    jti        TEXT    NOT NULL UNIQUE,
    compact    TEXT,
    exp        INTEGER,
    attempt    INTEGER NOT NULL DEFAULT 0,
    due_ms     INTEGER NOT NULL DEFAULT 0,
    reply      TEXT,
    proof      TEXT,
    problem    TEXT,
    created    INTEGER NOT NULL,
    ended      INTEGER
) STRICT;

CREATE INDEX item_open ON item (state, id);

-- What the gateway told this participant, as the feed follower got it.
CREATE TABLE feed (
    seq   INTEGER PRIMARY KEY,
    entry TEXT NOT NULL
) STRICT;

-- Single values: the newest directory that was verified.
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
