-- A history as format 1 was written: never changed, so that each later esimctl shows that it reads it.
CREATE TABLE snapshot (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  line TEXT NOT NULL,
  iccid TEXT, eid TEXT, msisdn TEXT, imsi TEXT, provider_id TEXT,
  plan TEXT,
  expires_at TEXT,
  cycle_rule TEXT, cycle_start TEXT, cycle_end TEXT, cycle_zone TEXT,
  limit_kind TEXT NOT NULL,
  limit_bytes INTEGER,
  at_limit TEXT NOT NULL,
  used_bytes INTEGER,
  remaining_bytes INTEGER,
  as_of TEXT,
  fetched_at TEXT NOT NULL,
  source TEXT NOT NULL,
  confidence TEXT NOT NULL
) STRICT;
CREATE INDEX snapshot_line ON snapshot (account, line, id);
CREATE TABLE balance (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  amount TEXT NOT NULL,
  currency TEXT NOT NULL,
  fetched_at TEXT NOT NULL
) STRICT;
CREATE INDEX balance_account ON balance (account, id);
INSERT INTO snapshot (account, line, provider_id, limit_kind, limit_bytes, at_limit, used_bytes, as_of, fetched_at, source,
  confidence) VALUES
  ('work', 'id:sim-1', 'sim-1', 'bytes', 5000000000, 'billed', 100, '2026-01-01T00:00:00Z', '2026-01-01T00:10:00Z', 'Somebody', ''),
  ('work', 'id:sim-1', 'sim-1', 'bytes', 5000000000, 'billed', 350, '2026-01-01T05:00:00Z', '2026-01-01T05:10:00Z', 'Somebody', '');
INSERT INTO balance (account, amount, currency, fetched_at) VALUES ('work', '12.50', 'USD', '2026-01-01T00:10:00Z');
