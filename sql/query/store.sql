-- Migrations.

-- name: MIGRATION_TABLE
-- in: nothing
-- out: nothing
-- rows: 0
-- platform: the schema belongs to nobody
CREATE TABLE IF NOT EXISTS migration (number INT NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, at_us BIGINT NOT NULL) ENGINE=InnoDB;

-- name: MIGRATION_BY_NUMBER
-- in: number
-- out: number
-- rows: 0..1
-- platform: the schema belongs to nobody
SELECT number FROM migration WHERE number = ?;

-- name: MIGRATION_DONE
-- in: number, name, at_us
-- out: nothing
-- rows: 0
-- platform: the schema belongs to nobody
INSERT INTO migration (number, name, at_us) VALUES (?, ?, ?);

-- name: MIGRATION_LOCK
-- in: nothing
-- out: 1 when we hold it
-- rows: 1
-- platform: the schema belongs to nobody
SELECT GET_LOCK(CONCAT('cxdp.migrate.', DATABASE()), 60);

-- name: MIGRATION_UNLOCK
-- in: nothing
-- out: 1
-- rows: 1
-- platform: the schema belongs to nobody
SELECT RELEASE_LOCK(CONCAT('cxdp.migrate.', DATABASE()));

-- name: ALONE_BEGIN
-- in: name, seconds to wait
-- out: 1 when we hold it
-- rows: 1
-- platform: a name of the asker's, with its company in it
SELECT GET_LOCK(SHA1(CONCAT(DATABASE(), ' ', ?)), ?);

-- name: ALONE_END
-- in: name
-- out: 1 when it was ours
-- rows: 1
-- platform: a name of the asker's, with its company in it
SELECT RELEASE_LOCK(SHA1(CONCAT(DATABASE(), ' ', ?)));

-- Jobs.

-- name: JOB_INSERT
-- in: company_id, job_id, kind, args (JSON), created_by, created_at_us, due_at_us
-- out: nothing
-- rows: 0
INSERT INTO job (company_id, job_id, kind, state, done, total, args, error, created_by, created_at_us, due_at_us, fence, crashes)
VALUES (?, ?, ?, 'queued', 0, 0, ?, '', ?, ?, ?, 0, 0);

-- name: JOB_BY_ID
-- in: company_id, job_id
-- out: job_id, kind, state, done, total, error, created_at_us, created_by, args (JSON)
-- rows: 0..1
SELECT job_id, kind, state, done, total, error, created_at_us, created_by, args FROM job WHERE company_id = ? AND job_id = ?;

-- name: JOB_PAGE
-- in: company_id, job_id (older ones), state or empty, the same again, limit
-- out: as JOB_BY_ID
-- rows: n <= 1000
SELECT job_id, kind, state, done, total, error, created_at_us, created_by, args FROM job
WHERE company_id = ? AND job_id < ? AND (? = '' OR state = ?) AND kind <> 'erase_among' ORDER BY job_id DESC LIMIT ?;

-- name: JOB_LAST
-- in: company_id, kind
-- out: job_id
-- rows: 0..1
SELECT job_id FROM job WHERE company_id = ? AND kind = ? ORDER BY job_id DESC LIMIT 1;

-- name: JOB_GOING_AFTER
-- in: company_id, job_id (younger ones: the key's range), kind, path into its args, the text there
-- out: job_id
-- rows: 0..1
SELECT job_id FROM job WHERE company_id = ? AND job_id > ? AND kind = ? AND state IN ('queued', 'running') AND JSON_VALUE(args, ?) = ? LIMIT 1;

-- name: JOB_CANCEL
-- in: company_id, job_id
-- out: nothing
-- rows: 0..1
UPDATE job SET state = 'cancelled' WHERE company_id = ? AND job_id = ? AND state IN ('queued', 'running');

-- name: JOB_DUE
-- in: state (queued, or running: its holder is gone), now
-- out: company_id, job_id, kind, done, total, args (JSON), fence, state, crashes, created_by
-- rows: 0..1
-- platform: any company's next job, whoever has waited longest
SELECT company_id, job_id, kind, done, total, args, fence, state, crashes, created_by FROM job
WHERE state = ? AND due_at_us <= ? ORDER BY due_at_us LIMIT 1 FOR UPDATE SKIP LOCKED;

-- name: JOB_TAKE
-- in: state, error, due_at_us (held until), crashes, company_id, job_id
-- out: nothing
-- rows: 1
UPDATE job SET state = ?, error = ?, due_at_us = ?, crashes = ?, fence = fence + 1 WHERE company_id = ? AND job_id = ?;

-- name: JOB_PROGRESS
-- in: done, total, args (JSON), due_at_us (held until), company_id, job_id, fence
-- out: nothing
-- rows: 0..1
UPDATE job SET done = ?, total = ?, args = ?, due_at_us = ?, crashes = 0
WHERE company_id = ? AND job_id = ? AND fence = ? AND state = 'running';

-- name: JOB_LET_GO
-- in: state, error, done, total, args (JSON), due_at_us, company_id, job_id, fence
-- out: nothing
-- rows: 0..1
UPDATE job SET state = ?, error = ?, done = ?, total = ?, args = ?, due_at_us = ?, crashes = 0
WHERE company_id = ? AND job_id = ? AND fence = ? AND state = 'running';
