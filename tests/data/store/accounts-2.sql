-- Accounts as format 2 was written: never changed, so that each later esimctl shows that it reads it.
CREATE TABLE account (
  name TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  codes TEXT NOT NULL,
  host TEXT NOT NULL,
  ca TEXT NOT NULL,
  added_at TEXT NOT NULL,
  failures INTEGER NOT NULL DEFAULT 0,
  not_before TEXT,
  credentials_refused INTEGER NOT NULL DEFAULT 0,
  last_step INTEGER,
  known_until TEXT
) STRICT;
CREATE TABLE account_value (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (account, name)
) STRICT;
CREATE TABLE code_command (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  word TEXT NOT NULL,
  PRIMARY KEY (account, place)
) STRICT;
ALTER TABLE account ADD COLUMN closed_until TEXT;
CREATE TABLE asked (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  part TEXT NOT NULL,
  at TEXT,
  whole TEXT,
  PRIMARY KEY (account, part)
) STRICT;
CREATE TABLE line_link (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  line TEXT NOT NULL,
  iccid TEXT NOT NULL,
  PRIMARY KEY (account, line)
) STRICT;
CREATE TABLE sign_in_state (
  account TEXT PRIMARY KEY REFERENCES account (name) ON DELETE CASCADE,
  signed_in INTEGER NOT NULL,
  ends TEXT,
  pending_medium TEXT,
  pending_target TEXT,
  pending_ends TEXT,
  pending_tries INTEGER
) STRICT;
INSERT INTO account (name, provider, codes, host, ca, added_at, failures, last_step)
VALUES ('home', 'emnify', 'totp,prompt', '', '', '2026-11-25T12:00:00Z', 2, 60000000),
       ('work', 'soracom', 'prompt', '', '', '2026-11-25T12:00:00Z', 0, NULL);
INSERT INTO account_value (account, name, value) VALUES ('home', 'username', 'a@example.com');
INSERT INTO line_link (account, line, iccid) VALUES ('home', 'id:1', '89012600000000314156');
