-- Files out.

-- name: EXPORT_INSERT
-- in: company_id, export_id, job_id, source (all, segment, rule), segment_id (0), rule, name (of the segment), fields (JSON list), format (csv,
--   xlsx), delimiter, is_raw, created_by, created_at_us, until_us
-- out: nothing
-- rows: 0
INSERT INTO export (company_id, export_id, job_id, source, segment_id, rule, name, fields, format, delimiter, is_raw, row_count,
  size_bytes, created_by, created_at_us, until_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?);

-- name: EXPORT_BY_ID
-- in: company_id, export_id
-- out: export_id, job_id, source, segment_id, rule, name, fields (JSON), format, delimiter, is_raw, row_count, size_bytes, created_by,
--   created_at_us, done_at_us (NULL not yet), until_us, dropped_at_us (NULL the file is there)
-- rows: 0..1
SELECT export_id, job_id, source, segment_id, rule, name, fields, format, delimiter, is_raw, row_count, size_bytes, created_by,
  created_at_us, done_at_us, until_us, dropped_at_us
FROM export WHERE company_id = ? AND export_id = ?;

-- name: EXPORT_ALL
-- in: company_id, export_id (exclusive), limit
-- out: as EXPORT_BY_ID
-- rows: n <= limit
SELECT export_id, job_id, source, segment_id, rule, name, fields, format, delimiter, is_raw, row_count, size_bytes, created_by,
  created_at_us, done_at_us, until_us, dropped_at_us
FROM export WHERE company_id = ? AND export_id < ? ORDER BY export_id DESC LIMIT ?;

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
