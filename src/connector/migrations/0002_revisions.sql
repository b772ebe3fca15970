-- The newest revision of every record that the gateway accepted from here, and the revisions that are
-- under way. Grows with the district's records (some 200 bytes each) and is never thinned out: it is
-- what keeps a repeated import from sending anything twice. `digest` is over the content with tokens,
-- so that nobody who has this file can try out identity numbers against it.
CREATE TABLE revision (
    mt       TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('active', 'suspended', 'revoked')),
    digest   BLOB    NOT NULL,
    outbox   INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (mt, key)
) STRICT, WITHOUT ROWID;

-- `state` is NULL where an amendment leaves it as it was.
CREATE TABLE revision_open (
    outbox   INTEGER NOT NULL,
    idx      INTEGER NOT NULL,
    mt       TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    state    TEXT,
    digest   BLOB    NOT NULL,
    PRIMARY KEY (outbox, idx)
) STRICT, WITHOUT ROWID;

CREATE INDEX revision_open_key ON revision_open (mt, key);
