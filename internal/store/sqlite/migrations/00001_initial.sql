-- +goose Up
CREATE TABLE media (
    id          BLOB   NOT NULL PRIMARY KEY CHECK (length(id) = 32),
    size_bytes  BIGINT NOT NULL CHECK (size_bytes >= 0),
    given_name  BLOB   NOT NULL,
    received_at BIGINT NOT NULL
);

CREATE TABLE incident (
    id            TEXT   NOT NULL PRIMARY KEY CHECK (id <> ''),
    record        TEXT   NOT NULL,
    record_sha256 BLOB   NOT NULL CHECK (length(record_sha256) = 32),
    case_name     TEXT   NOT NULL,
    updated_at    BIGINT NOT NULL
);

CREATE TABLE incident_media (
    incident TEXT   NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    ord      BIGINT NOT NULL,
    file     TEXT   NOT NULL,
    media    BLOB   REFERENCES media (id),
    missing  TEXT   NOT NULL,
    PRIMARY KEY (incident, ord),
    CHECK ((media IS NULL) = (missing <> ''))
);
CREATE INDEX incident_media_media ON incident_media (media);

CREATE TABLE stage_result (
    media   BLOB   NOT NULL REFERENCES media (id),
    stage   TEXT   NOT NULL CHECK (stage <> ''),
    version TEXT   NOT NULL CHECK (version <> ''),
    status  TEXT   NOT NULL CHECK (status IN ('done', 'skipped', 'failed')),
    cause   TEXT   NOT NULL,
    retry   BIGINT NOT NULL CHECK (retry IN (0, 1)),
    UNIQUE (media, stage, version),
    CHECK ((status = 'done') = (cause = '')),
    CHECK (retry = 0 OR status = 'failed')
);

CREATE TABLE observation (
    media   BLOB NOT NULL,
    stage   TEXT NOT NULL,
    version TEXT NOT NULL,
    key     TEXT NOT NULL,
    body    TEXT NOT NULL,
    PRIMARY KEY (media, stage, version, key),
    FOREIGN KEY (media, stage, version) REFERENCES stage_result (media, stage, version)
);
CREATE INDEX observation_key ON observation (key, media);

CREATE TABLE known (
    media      BLOB NOT NULL CHECK (length(media) = 32),
    url        TEXT NOT NULL,
    first_seen BIGINT,
    event      TEXT NOT NULL,
    PRIMARY KEY (media, url)
);

CREATE TABLE verdict (
    incident     TEXT   NOT NULL REFERENCES incident (id),
    input_sha256 BLOB   NOT NULL CHECK (length(input_sha256) = 32),
    seq          BIGINT NOT NULL,
    incomplete   BIGINT NOT NULL CHECK (incomplete IN (0, 1)),
    verdict      TEXT   NOT NULL,
    findings     TEXT   NOT NULL,
    stages       TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    UNIQUE (incident, input_sha256),
    UNIQUE (incident, seq)
);

CREATE TABLE batch (
    id               INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    key              BLOB    NOT NULL CHECK (length(key) = 32),
    media_total      BIGINT  NOT NULL,
    remaining        BIGINT  NOT NULL CHECK (remaining >= 0),
    incident_total   BIGINT  NOT NULL,
    assess_remaining BIGINT  NOT NULL CHECK (assess_remaining >= 0),
    failed           BIGINT  NOT NULL,
    created_at       BIGINT  NOT NULL
);
CREATE UNIQUE INDEX batch_open ON batch (key) WHERE remaining + assess_remaining > 0;

CREATE TABLE batch_media (
    batch   BIGINT NOT NULL REFERENCES batch (id),
    media   BLOB   NOT NULL REFERENCES media (id),
    state   TEXT   NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    cause   TEXT   NOT NULL,
    crashes BIGINT NOT NULL,
    PRIMARY KEY (batch, media)
);
CREATE TABLE batch_incident (
    batch    BIGINT NOT NULL REFERENCES batch (id),
    incident TEXT   NOT NULL REFERENCES incident (id),
    state    TEXT   NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    cause    TEXT   NOT NULL,
    crashes  BIGINT NOT NULL,
    PRIMARY KEY (batch, incident)
);

-- +goose Down
DROP TABLE batch_incident;
DROP TABLE batch_media;
DROP TABLE batch;
DROP TABLE verdict;
DROP TABLE known;
DROP TABLE observation;
DROP TABLE stage_result;
DROP TABLE incident_media;
DROP TABLE incident;
DROP TABLE media;
