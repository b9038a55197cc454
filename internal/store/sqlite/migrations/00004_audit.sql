-- +goose Up
CREATE TABLE log_head (
    id      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    size    BIGINT NOT NULL CHECK (size >= 0),
    adopted BIGINT NOT NULL CHECK (adopted IN (0, 1))
);
INSERT INTO log_head (id, size, adopted) VALUES (1, 0, 0);

CREATE TABLE log_leaf (
    seq     BIGINT NOT NULL PRIMARY KEY CHECK (seq >= 0),
    subject BLOB   NOT NULL CHECK (length(subject) = 32),
    leaf    BLOB   NOT NULL
);
CREATE INDEX log_leaf_subject ON log_leaf (subject, seq);

CREATE TABLE log_hash (
    idx  BIGINT NOT NULL PRIMARY KEY CHECK (idx >= 0),
    hash BLOB   NOT NULL CHECK (length(hash) = 32)
);

CREATE TABLE log_salt (
    kind TEXT NOT NULL CHECK (kind IN ('bytes', 'incident', 'person')),
    name BLOB NOT NULL,
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    PRIMARY KEY (kind, name)
);

CREATE TABLE log_checkpoint (
    size  BIGINT NOT NULL PRIMARY KEY CHECK (size >= 0),
    note  BLOB   NOT NULL,
    token BLOB
);

-- Against accidents: whoever means to change the log can drop these, and is found by the check.
-- +goose StatementBegin
CREATE TRIGGER log_leaf_stays BEFORE UPDATE ON log_leaf BEGIN SELECT RAISE(ABORT, 'log: a leaf never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER log_leaf_kept BEFORE DELETE ON log_leaf BEGIN SELECT RAISE(ABORT, 'log: a leaf is never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER log_hash_stays BEFORE UPDATE ON log_hash BEGIN SELECT RAISE(ABORT, 'log: a hash never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER log_hash_kept BEFORE DELETE ON log_hash BEGIN SELECT RAISE(ABORT, 'log: a hash is never deleted'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE log_checkpoint;
DROP TABLE log_salt;
DROP TABLE log_hash;
DROP TABLE log_leaf;
DROP TABLE log_head;
