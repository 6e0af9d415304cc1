-- Files in and out.

-- name: IMPORT_INSERT
-- in: company_id, import_id, name, source_id, feed_id, bytes, file_hash, shape, column_names (JSON list), mapping, created_by, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO import (company_id, import_id, name, state, source_id, feed_id, job_id, bytes, file_hash, shape, column_names, mapping,
  next_row, bytes_done, errors_bytes, inserted, updated, skipped, failed, warned, error, created_by, created_at_us, started_at_us, ended_at_us)
VALUES (?, ?, ?, 'new', ?, ?, 0, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, '', ?, ?, 0, 0);

-- name: IMPORT_BY_ID
-- in: company_id, import_id
-- out: import_id, name, state, source_id, feed_id, job_id, bytes, file_hash, shape, column_names, mapping, next_row, bytes_done, errors_bytes,
--   inserted, updated, skipped, failed, warned, error, created_by, created_at_us, started_at_us, ended_at_us
-- rows: 0..1
SELECT import_id, name, state, source_id, feed_id, job_id, bytes, file_hash, shape, column_names, mapping, next_row, bytes_done, errors_bytes,
  inserted, updated, skipped, failed, warned, error, created_by, created_at_us, started_at_us, ended_at_us
FROM import WHERE company_id = ? AND import_id = ?;

-- name: IMPORT_ALL
-- in: company_id, below import_id
-- out: import_id, name, state, feed_id, next_row, inserted, updated, skipped, failed, error, created_at_us, started_at_us, ended_at_us
-- rows: n <= 100
SELECT import_id, name, state, feed_id, next_row, inserted, updated, skipped, failed, error, created_at_us, started_at_us, ended_at_us
FROM import WHERE company_id = ? AND import_id < ? ORDER BY import_id DESC LIMIT 100;

-- name: IMPORT_BYTES
-- in: company_id
-- out: bytes of all files kept
-- rows: 1
SELECT CAST(COALESCE(SUM(bytes), 0) AS SIGNED) FROM import WHERE company_id = ? AND bytes > 0;

-- name: IMPORT_OLD
-- in: company_id, created before
-- out: import_id
-- rows: n <= 100
SELECT import_id FROM import WHERE company_id = ? AND created_at_us < ? AND bytes > 0 AND state NOT IN ('checking', 'running', 'undoing') LIMIT 100;

-- name: IMPORT_FILE_GONE
-- in: company_id, import_id
-- out: nothing
-- rows: 0..1
UPDATE import SET bytes = 0 WHERE company_id = ? AND import_id = ?;

-- name: IMPORT_FETCHING
-- in: company_id, import_id, name, job_id, created_by, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO import (company_id, import_id, name, state, source_id, feed_id, job_id, bytes, file_hash, shape, column_names, mapping,
  next_row, bytes_done, errors_bytes, inserted, updated, skipped, failed, warned, error, created_by, created_at_us, started_at_us, ended_at_us)
VALUES (?, ?, ?, 'fetching', 0, 0, ?, 0, '', 'null', '[]', 'null', 0, 0, 0, 0, 0, 0, 0, 0, '', ?, ?, 0, 0);

-- name: IMPORT_FETCHED
-- in: bytes, source_id, shape, column_names, mapping, company_id, import_id
-- out: nothing
-- rows: 0..1
UPDATE import SET state = 'new', bytes = ?, source_id = ?, shape = ?, column_names = ?, mapping = ?
WHERE company_id = ? AND import_id = ? AND state = 'fetching';

-- name: IMPORT_SHAPE
-- in: shape, column_names, mapping, company_id, import_id
-- out: nothing
-- rows: 0..1
UPDATE import SET state = 'new', shape = ?, column_names = ?, mapping = ? WHERE company_id = ? AND import_id = ? AND state IN ('new', 'checked');

-- name: IMPORT_START
-- in: state, mapping, job_id, started_at_us, company_id, import_id
-- out: nothing
-- rows: 0..1
UPDATE import SET state = ?, mapping = ?, job_id = ?, started_at_us = ?, ended_at_us = 0, next_row = 0, bytes_done = 0, errors_bytes = 0,
  inserted = 0, updated = 0, skipped = 0, failed = 0, warned = 0, error = ''
WHERE company_id = ? AND import_id = ? AND state IN ('new', 'checked');

-- name: IMPORT_STEP
-- in: rows, bytes_done, errors_bytes, inserted, updated, skipped, failed, warned (all to add but the bytes), company_id, import_id, next_row before, state
-- out: nothing
-- rows: 0..1
UPDATE import SET next_row = next_row + ?, bytes_done = ?, errors_bytes = ?, inserted = inserted + ?, updated = updated + ?, skipped = skipped + ?,
  failed = failed + ?, warned = warned + ?
WHERE company_id = ? AND import_id = ? AND next_row = ? AND state = ?;

-- name: IMPORT_MOVE
-- in: state, error, ended_at_us, company_id, import_id, state before
-- out: nothing
-- rows: 0..1
UPDATE import SET state = ?, error = ?, ended_at_us = ? WHERE company_id = ? AND import_id = ? AND state = ?;

-- name: IMPORT_UNDO
-- in: job_id, company_id, import_id
-- out: nothing
-- rows: 0..1
UPDATE import SET state = 'undoing', job_id = ? WHERE company_id = ? AND import_id = ? AND state IN ('done', 'cancelled', 'failed') AND inserted + updated > 0;

-- name: IMPORT_MAPPING_PUT
-- in: company_id, columns_hash, mapping, at_us
-- out: nothing
-- rows: 0
INSERT INTO import_mapping (company_id, columns_hash, mapping, at_us) VALUES (?, ?, ?, ?)
ON DUPLICATE KEY UPDATE mapping = VALUES(mapping), at_us = VALUES(at_us);

-- name: IMPORT_MAPPING_BY_HASH
-- in: company_id, columns_hash
-- out: mapping, at_us
-- rows: 0..1
SELECT mapping, at_us FROM import_mapping WHERE company_id = ? AND columns_hash = ?;

-- name: IMPORT_FEED_PUT
-- in: company_id, feed_id, name, url, every_h, minute_of_day, shape, mapping, job_id, next_at_us, created_by, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO import_feed (company_id, feed_id, name, url, state, every_h, minute_of_day, shape, mapping, etag, file_hash, job_id, next_at_us, last_at_us,
  said, created_by, created_at_us)
VALUES (?, ?, ?, ?, 'active', ?, ?, ?, ?, '', '', ?, ?, 0, '', ?, ?);

-- name: IMPORT_FEED_BY_ID
-- in: company_id, feed_id
-- out: feed_id, name, url, state, every_h, minute_of_day, shape, mapping, etag, file_hash, job_id, next_at_us, last_at_us, said, created_by
-- rows: 0..1
SELECT feed_id, name, url, state, every_h, minute_of_day, shape, mapping, etag, file_hash, job_id, next_at_us, last_at_us, said, created_by
FROM import_feed WHERE company_id = ? AND feed_id = ?;

-- name: IMPORT_FEED_ALL
-- in: company_id
-- out: feed_id, name, url, state, every_h, minute_of_day, next_at_us, last_at_us, said
-- rows: n <= 200
SELECT feed_id, name, url, state, every_h, minute_of_day, next_at_us, last_at_us, said
FROM import_feed WHERE company_id = ? ORDER BY feed_id DESC LIMIT 200;

-- name: IMPORT_FEED_STATE
-- in: state, job_id, next_at_us, company_id, feed_id
-- out: nothing
-- rows: 0..1
UPDATE import_feed SET state = ?, job_id = ?, next_at_us = ? WHERE company_id = ? AND feed_id = ?;

-- name: IMPORT_FEED_SAID
-- in: etag, file_hash, next_at_us, last_at_us, said, company_id, feed_id
-- out: nothing
-- rows: 0..1
UPDATE import_feed SET etag = ?, file_hash = ?, next_at_us = ?, last_at_us = ?, said = ? WHERE company_id = ? AND feed_id = ?;


-- name: EXPORT_INSERT
-- in: company_id, export_id, job_id, source (all, segment, rule, ids: rule is a JSON list of them), segment_id (0), rule, name (of the segment), fields (JSON list), format (csv,
--   xlsx), delimiter, is_raw, created_by, created_at_us, until_us, search
-- out: nothing
-- rows: 0
INSERT INTO export (company_id, export_id, job_id, source, segment_id, rule, name, fields, format, delimiter, is_raw, row_count,
  size_bytes, created_by, created_at_us, until_us, search)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?);

-- name: EXPORT_BY_ID
-- in: company_id, export_id
-- out: export_id, job_id, source, segment_id, rule, name, fields (JSON), format, delimiter, is_raw, row_count, size_bytes, created_by,
--   created_at_us, done_at_us (NULL not yet), until_us, dropped_at_us (NULL the file is there), search; of its job (NULL: gone) state, done,
--   total, error: one statement, as a job ends together with its file
-- rows: 0..1
SELECT x.export_id, x.job_id, x.source, x.segment_id, x.rule, x.name, x.fields, x.format, x.delimiter, x.is_raw, x.row_count, x.size_bytes,
  x.created_by, x.created_at_us, x.done_at_us, x.until_us, x.dropped_at_us, x.search, j.state, j.done, j.total, j.error
FROM export x LEFT JOIN job j ON j.company_id = x.company_id AND j.job_id = x.job_id WHERE x.company_id = ? AND x.export_id = ?;

-- name: EXPORT_ALL
-- in: company_id, export_id (exclusive), limit
-- out: as EXPORT_BY_ID
-- rows: n <= limit
SELECT x.export_id, x.job_id, x.source, x.segment_id, x.rule, x.name, x.fields, x.format, x.delimiter, x.is_raw, x.row_count, x.size_bytes,
  x.created_by, x.created_at_us, x.done_at_us, x.until_us, x.dropped_at_us, x.search, j.state, j.done, j.total, j.error
FROM export x LEFT JOIN job j ON j.company_id = x.company_id AND j.job_id = x.job_id
WHERE x.company_id = ? AND x.export_id < ? ORDER BY x.export_id DESC LIMIT ?;

-- name: EXPORT_DONE
-- in: row_count, size_bytes, done_at_us, until_us, company_id, export_id
-- out: nothing
-- rows: 0..1
UPDATE export SET row_count = ?, size_bytes = ?, done_at_us = ?, until_us = ? WHERE company_id = ? AND export_id = ?;

-- name: EXPORT_OLD
-- in: now
-- out: company_id, export_id
-- rows: n <= 200
-- platform: files of any company whose time is over
SELECT company_id, export_id FROM export WHERE dropped_at_us IS NULL AND until_us < ? LIMIT 200;

-- name: EXPORT_DROPPED
-- in: dropped_at_us, company_id, export_id
-- out: nothing
-- rows: 0..1
UPDATE export SET dropped_at_us = ? WHERE company_id = ? AND export_id = ?;

-- name: FILE_KEPT
-- in: company_id, the same again
-- out: 'import' or 'export', its id: files of work that is over
-- rows: n <= 10000
SELECT 'import', import_id FROM import WHERE company_id = ? AND bytes > 0 AND state IN ('done', 'failed', 'cancelled', 'undone')
UNION ALL SELECT 'export', export_id FROM export WHERE company_id = ? AND dropped_at_us IS NULL AND done_at_us IS NOT NULL LIMIT 10000;
