-- +goose Up
CREATE TABLE judged (
    incident      TEXT   NOT NULL REFERENCES incident (id),
    seq           BIGINT NOT NULL CHECK (seq > 0),
    input_sha256  BLOB   NOT NULL CHECK (length(input_sha256) = 32),
    record_sha256 BLOB   CHECK (length(record_sha256) = 32),
    gave_way      BIGINT NOT NULL CHECK (gave_way IN (0, 1)),
    at            BIGINT NOT NULL,
    PRIMARY KEY (incident, seq)
);
INSERT INTO judged (incident, seq, input_sha256, gave_way, at) SELECT incident, seq, input_sha256, 0, at FROM verdict;

CREATE TABLE rule_table (
    name TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    body TEXT NOT NULL CHECK (body <> '')
);

CREATE TABLE replay (
    incident     TEXT   NOT NULL REFERENCES incident (id),
    num          BIGINT NOT NULL CHECK (num > 0),
    input_sha256 BLOB   NOT NULL CHECK (length(input_sha256) = 32),
    known_by     BIGINT NOT NULL,
    verdict      TEXT   NOT NULL,
    findings     TEXT   NOT NULL,
    stages       TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    PRIMARY KEY (incident, num)
);

-- +goose Down
DROP TABLE replay;
DROP TABLE rule_table;
DROP TABLE judged;
