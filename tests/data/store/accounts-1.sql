-- Accounts as format 1 was written: never changed, so that each later esimctl shows that it reads them.
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
INSERT INTO account VALUES
  ('work', 'soracom', 'totp', '', '', '2026-11-25T20:00:00Z', 2, NULL, 0, 59000000, NULL);
INSERT INTO account_value VALUES ('work', 'email', 'a@example.com');
