-- A journal as format 1 was written: never changed, so that each later esimctl shows that it reads it.
CREATE TABLE download_session (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  eid TEXT NOT NULL,
  smdp_address TEXT NOT NULL,
  matching_id TEXT NOT NULL,
  started_at TEXT NOT NULL,
  transaction_id BLOB,
  bound_profile_package BLOB,
  outcome TEXT,
  finished_at TEXT
) STRICT;
CREATE TABLE download_step (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  session INTEGER NOT NULL REFERENCES download_session (id),
  stage TEXT NOT NULL,
  at TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;
CREATE INDEX download_step_session ON download_step (session);
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  eid TEXT NOT NULL,
  sequence_number INTEGER NOT NULL,
  address TEXT NOT NULL,
  pending_notification BLOB NOT NULL,
  put_at TEXT NOT NULL,
  sent_at TEXT,
  removed_at TEXT,
  UNIQUE (eid, sequence_number)
) STRICT;
INSERT INTO download_session VALUES
  (1, '89049032000000000000000000000001', 'smdp.example.com', 'AB12', '2026-11-25T20:00:00Z', NULL, NULL,
   'installed', '2026-11-25T20:01:00Z'),
  (2, '89049032000000000000000000000001', 'smdp.example.com', 'CD34', '2026-11-25T20:02:00Z', x'0102', x'BF3603',
   NULL, NULL);
INSERT INTO download_step VALUES
  (1, 2, 'getBoundProfilePackage', '2026-11-25T20:02:01Z', ''),
  (2, 2, 'loadBoundProfilePackage', '2026-11-25T20:02:02Z', 'segment 1');
INSERT INTO outbox VALUES
  (1, '89049032000000000000000000000001', 7, 'smdp.example.com', x'BF3701', '2026-11-25T20:01:00Z', NULL, NULL);
