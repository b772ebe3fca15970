-- Every record and grant that the gateway accepted from here: what a reconciliation counts. Some 60
-- bytes each, never thinned out, because the gateway counts them all.
CREATE TABLE accepted (
    kind TEXT    NOT NULL,
    jti  BLOB    NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (kind, jti, item)
) STRICT, WITHOUT ROWID;
