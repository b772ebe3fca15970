-- The log: one row per entry, its message once. Position and leaf index are the same number.
CREATE TABLE entry (
    pos          INTEGER PRIMARY KEY,
    at           INTEGER NOT NULL,
    iss          TEXT    NOT NULL,
    jti          BLOB    NOT NULL CHECK (length(jti) = 16),
    mt           TEXT    NOT NULL,
    digest       BLOB    NOT NULL CHECK (length(digest) = 32),
    outcome      INTEGER NOT NULL,
    leaf         BLOB    NOT NULL CHECK (length(leaf) = 32),
    reply_digest BLOB    NOT NULL CHECK (length(reply_digest) = 32),
    reply        BLOB    NOT NULL,
    wrapped_key  BLOB,
    body         BLOB
) STRICT;

-- outcome 3 is an equivocation: a second message under a used (iss, jti).
CREATE UNIQUE INDEX entry_message ON entry (iss, jti) WHERE outcome <> 3;

CREATE INDEX entry_equivocation ON entry (iss, jti) WHERE outcome = 3;

-- Every projection; `tbl` is the table's number in the code.
CREATE TABLE projection (
    tbl     INTEGER NOT NULL,
    key     BLOB    NOT NULL,
    subject INTEGER,
    value   BLOB    NOT NULL,
    PRIMARY KEY (tbl, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX projection_subject ON projection (subject, tbl) WHERE subject IS NOT NULL;

-- Full tiles of the Merkle tree with their roots.
CREATE TABLE tile (
    level  INTEGER NOT NULL,
    idx    INTEGER NOT NULL,
    root   BLOB    NOT NULL CHECK (length(root) = 32),
    hashes BLOB    NOT NULL CHECK (length(hashes) = 8192),
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
    name  TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;
