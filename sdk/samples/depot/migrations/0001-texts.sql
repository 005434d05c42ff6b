CREATE TABLE text (
  id TEXT PRIMARY KEY,
  words BIGINT,
  added_at TIMESTAMP NOT NULL
);
CREATE INDEX text_by_time ON text (added_at);
CREATE TABLE summary (
  texts BIGINT NOT NULL,
  words BIGINT NOT NULL
);
INSERT INTO summary (texts, words) VALUES (0, 0);
