-- +goose Up
CREATE TABLE known_new (
    media      BLOB   NOT NULL CHECK (length(media) = 32),
    url        TEXT   NOT NULL,
    list       TEXT   NOT NULL,
    negative   BIGINT NOT NULL CHECK (negative IN (0, 1)),
    first_seen BIGINT,
    event      TEXT   NOT NULL,
    PRIMARY KEY (media, url, list),
    CHECK (negative = 0 OR list <> '')
);
INSERT INTO known_new (media, url, list, negative, first_seen, event) SELECT media, url, '', 0, first_seen, event FROM known;
DROP TABLE known;
ALTER TABLE known_new RENAME TO known;

CREATE TABLE listed_print (
    media   BLOB   NOT NULL CHECK (length(media) = 32),
    list    TEXT   NOT NULL CHECK (list <> ''),
    ord     BIGINT NOT NULL,
    at_ms   BIGINT,
    view    TEXT   NOT NULL,
    quality BIGINT NOT NULL CHECK (quality BETWEEN 0 AND 100),
    pdq     BLOB   NOT NULL CHECK (length(pdq) = 32),
    PRIMARY KEY (media, list, ord)
);

CREATE TABLE catalogue (
    num   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    part  TEXT    NOT NULL CHECK (part IN ('seen', 'asked')),
    media BLOB    NOT NULL CHECK (length(media) = 32),
    made  TEXT    NOT NULL CHECK (made <> ''),
    UNIQUE (part, made, media)
);
CREATE INDEX catalogue_part ON catalogue (part, num);

CREATE TABLE sighting (
    incident TEXT NOT NULL REFERENCES incident (id),
    media    BLOB NOT NULL CHECK (length(media) = 32),
    PRIMARY KEY (incident, media)
);
CREATE INDEX sighting_media ON sighting (media);

CREATE TABLE changed (
    media BLOB NOT NULL PRIMARY KEY CHECK (length(media) = 32)
);

CREATE TABLE case_control (
    case_name TEXT NOT NULL,
    path      TEXT NOT NULL,
    sha256    BLOB NOT NULL CHECK (length(sha256) = 32),
    PRIMARY KEY (case_name, path)
);

-- +goose Down
DROP TABLE case_control;
DROP TABLE changed;
DROP TABLE sighting;
DROP TABLE catalogue;
DROP TABLE listed_print;
CREATE TABLE known_old (
    media      BLOB NOT NULL CHECK (length(media) = 32),
    url        TEXT NOT NULL,
    first_seen BIGINT,
    event      TEXT NOT NULL,
    PRIMARY KEY (media, url)
);
INSERT INTO known_old (media, url, first_seen, event) SELECT media, url, first_seen, event FROM known WHERE list = '';
DROP TABLE known;
ALTER TABLE known_old RENAME TO known;
