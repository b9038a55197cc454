-- +goose Up
CREATE TABLE control_map (
    provider    TEXT   NOT NULL CHECK (provider <> ''),
    as_of       BIGINT NOT NULL,
    until       BIGINT,
    known_at    BIGINT NOT NULL,
    known_how   TEXT   NOT NULL,
    format      TEXT   NOT NULL CHECK (format <> ''),
    file        TEXT   NOT NULL CHECK (file <> ''),
    sha256      BLOB   NOT NULL CHECK (length(sha256) = 32),
    asked       TEXT   NOT NULL,
    adapter     TEXT   NOT NULL,
    held_km2    DOUBLE PRECISION NOT NULL CHECK (held_km2 >= 0),
    licence     TEXT   NOT NULL,
    flags       TEXT   NOT NULL,
    accepted    BIGINT NOT NULL CHECK (accepted IN (0, 1)),
    imported_at BIGINT NOT NULL,
    PRIMARY KEY (provider, as_of)
);
CREATE INDEX control_map_sha256 ON control_map (sha256);

CREATE TABLE control_changed (
    provider TEXT   NOT NULL,
    as_of    BIGINT NOT NULL,
    PRIMARY KEY (provider, as_of)
);

-- +goose Down
DROP TABLE control_changed;
DROP TABLE control_map;
