-- +goose Up
CREATE TABLE decision (
    incident TEXT   NOT NULL REFERENCES incident (id),
    seq      BIGINT NOT NULL CHECK (seq > 0),
    ruling   TEXT   NOT NULL CHECK (ruling IN ('verified', 'contradicted', 'unresolved')),
    person   TEXT   NOT NULL CHECK (person <> ''),
    reason   TEXT   NOT NULL CHECK (reason <> ''),
    digest   BLOB   NOT NULL CHECK (length(digest) = 32),
    machine  TEXT   NOT NULL,
    at       BIGINT NOT NULL,
    PRIMARY KEY (incident, seq)
);

CREATE TABLE link (
    kind   TEXT   NOT NULL CHECK (kind IN ('incident', 'statement')),
    a      TEXT   NOT NULL REFERENCES incident (id),
    b      TEXT   NOT NULL REFERENCES incident (id),
    seq    BIGINT NOT NULL CHECK (seq > 0),
    word   TEXT   NOT NULL CHECK (word IN ('joined', 'apart', 'open')),
    person TEXT   NOT NULL CHECK (person <> ''),
    reason TEXT   NOT NULL CHECK (reason <> ''),
    at     BIGINT NOT NULL,
    PRIMARY KEY (kind, a, b, seq),
    CHECK (a <> b)
);

CREATE TABLE statement (
    id     TEXT NOT NULL PRIMARY KEY REFERENCES incident (id),
    record TEXT NOT NULL
);

-- +goose Down
DROP TABLE statement;
DROP TABLE link;
DROP TABLE decision;
