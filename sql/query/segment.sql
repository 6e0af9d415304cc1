-- Segments, who is in them and since when, sizes by day.

-- name: SEGMENT_ALL
-- in: company_id
-- out: segment_id, name, rule, state, error, version, built_version, size, created_at_us, updated_at_us, built_at_us (NULL never), created_by,
--   is_static, locked, unique_by, unique_keep, folder, description, archived_at_us (NULL it is not), progress (percent)
-- rows: n <= 2000
SELECT segment_id, name, rule, state, error, version, built_version, size, created_at_us, updated_at_us, built_at_us,
  created_by, is_static, locked, unique_by, unique_keep, folder, description, archived_at_us, progress
FROM segment WHERE company_id = ? ORDER BY segment_id LIMIT 2000;

-- name: SEGMENT_BY_ID
-- in: company_id, segment_id
-- out: as SEGMENT_ALL
-- rows: 0..1
SELECT segment_id, name, rule, state, error, version, built_version, size, created_at_us, updated_at_us, built_at_us,
  created_by, is_static, locked, unique_by, unique_keep, folder, description, archived_at_us, progress
FROM segment WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_CASES
-- in: company_id, segment_id
-- out: cases
-- rows: 0..1
SELECT cases FROM segment_cases WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_CASES_SET
-- in: company_id, segment_id, cases
-- out: nothing
-- rows: 0..1
INSERT INTO segment_cases (company_id, segment_id, cases) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE cases = VALUES(cases);

-- name: SEGMENT_RULES
-- in: company_id
-- out: segment_id, rule
-- rows: n <= 2000
SELECT segment_id, rule FROM segment WHERE company_id = ? ORDER BY segment_id LIMIT 2000 FOR UPDATE;

-- name: SEGMENT_RULE_SET
-- in: rule, company_id, segment_id
-- out: nothing
-- rows: 1
UPDATE segment SET rule = ? WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_INSERT
-- in: company_id, segment_id, name, rule, created_by, created_at_us, updated_at_us
-- out: nothing
-- rows: 0
INSERT INTO segment (company_id, segment_id, name, rule, state, error, version, built_version, size, created_by, created_at_us, updated_at_us)
VALUES (?, ?, ?, ?, 'building', '', 1, 0, 0, ?, ?, ?);

-- name: SEGMENT_UPDATE
-- in: name, rule, updated_at_us, company_id, segment_id
-- out: nothing
-- rows: 0..1
UPDATE segment SET name = ?, rule = ?, updated_at_us = ?, state = 'building', progress = 0, error = '', version = version + 1
WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_BUILT
-- in: state, error, built_version, size, built_at_us, company_id, segment_id
-- out: nothing
-- rows: 0..1
UPDATE segment SET state = ?, error = ?, built_version = ?, size = ?, built_at_us = ? WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_SIZE_ADD
-- in: change of size, company_id, segment_id
-- out: nothing
-- rows: 0..1
UPDATE segment SET size = size + ? WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_DELETE
-- in: company_id, segment_id
-- out: nothing
-- rows: 0..1
DELETE FROM segment WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_CASES_CLEAR
-- in: company_id, segment_id
-- out: nothing
-- rows: 0..1
DELETE FROM segment_cases WHERE company_id = ? AND segment_id = ?;

-- name: MEMBERSHIP_CLEAR
-- in: company_id, segment_id
-- out: nothing
-- rows: n
DELETE FROM membership WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_DAY_CLEAR
-- in: company_id, segment_id
-- out: nothing
-- rows: n
DELETE FROM segment_day WHERE company_id = ? AND segment_id = ?;

-- name: MEMBERSHIP_PUT
-- in: company_id, segment_id, person_id, since_us, reason
-- out: nothing
-- rows: 0
INSERT INTO membership (company_id, segment_id, person_id, since_us, reason) VALUES {(?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE since_us = VALUES(since_us), reason = VALUES(reason);

-- name: MEMBERSHIP_DELETE
-- in: company_id, segment_id, person_ids...
-- out: nothing
-- rows: n <= 1024
DELETE FROM membership WHERE company_id = ? AND segment_id = ? AND person_id IN ({?});

-- name: MEMBERSHIP_AFTER
-- in: company_id, segment_id, person_id (exclusive), limit
-- out: person_id, since_us, reason
-- rows: n <= limit
SELECT person_id, since_us, reason FROM membership WHERE company_id = ? AND segment_id = ? AND person_id > ? ORDER BY person_id LIMIT ?;

-- name: MEMBERSHIP_OF_PERSONS
-- in: company_id, person_ids...
-- out: person_id, segment_id, name, since_us, reason
-- rows: n
SELECT m.person_id, m.segment_id, s.name, m.since_us, m.reason FROM membership m
JOIN segment s ON s.company_id = m.company_id AND s.segment_id = m.segment_id
WHERE m.company_id = ? AND m.person_id IN ({?}) ORDER BY m.since_us DESC;

-- name: SEGMENT_DAY_PUT
-- in: company_id, segment_id, day, size, entered, exited
-- out: nothing
-- rows: 0
INSERT INTO segment_day (company_id, segment_id, day, size, entered, exited) VALUES {(?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE size = VALUES(size), entered = entered + VALUES(entered), exited = exited + VALUES(exited);

-- name: SEGMENT_DAY_FROM
-- in: company_id, segment_id, day (inclusive)
-- out: day, size, entered, exited
-- rows: n <= 1000
SELECT day, size, entered, exited FROM segment_day WHERE company_id = ? AND segment_id = ? AND day >= ? ORDER BY day LIMIT 1000;

-- name: SEGMENT_UNBUILT
-- in: nothing
-- out: company_id
-- rows: n <= 10000
-- platform: the engine looks which companies have a segment to build
SELECT DISTINCT company_id FROM segment WHERE state = 'building' LIMIT 10000;

-- name: MEMBERSHIP_SEGMENTS
-- in: company_id, person_ids...
-- out: segment_id
-- rows: n <= 10000
SELECT DISTINCT segment_id FROM membership WHERE company_id = ? AND person_id IN ({?}) ORDER BY segment_id LIMIT 10000;

-- Folders: filters of the list of people under a name.

-- name: FOLDER_ALL
-- in: company_id, user_id
-- out: folder_id, user_id, is_shared, name, rule, search, with_all, sort
-- rows: n <= 500
SELECT folder_id, user_id, is_shared, name, rule, search, with_all, sort FROM folder
WHERE company_id = ? AND (user_id = ? OR is_shared = 1) ORDER BY is_shared, position, folder_id LIMIT 500;

-- name: FOLDER_EVERYBODYS
-- in: company_id
-- out: folder_id, user_id, is_shared, name, rule, sort
-- rows: n <= 20000
SELECT folder_id, user_id, is_shared, name, rule, sort FROM folder WHERE company_id = ? ORDER BY folder_id LIMIT 20000;

-- name: FOLDER_BY_ID
-- in: company_id, folder_id, user_id
-- out: as FOLDER_ALL
-- rows: 0..1
SELECT folder_id, user_id, is_shared, name, rule, search, with_all, sort FROM folder
WHERE company_id = ? AND folder_id = ? AND (user_id = ? OR is_shared = 1);

-- name: FOLDER_COUNT
-- in: company_id, user_id
-- out: how many are the user's
-- rows: 1
SELECT COUNT(1) FROM folder WHERE company_id = ? AND user_id = ?;

-- name: FOLDER_INSERT
-- in: company_id, folder_id, user_id, is_shared, name, rule, search, with_all, sort, position, created_at_us, updated_at_us
-- out: nothing
-- rows: 0
INSERT INTO folder (company_id, folder_id, user_id, is_shared, name, rule, search, with_all, sort, position, created_at_us, updated_at_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: FOLDER_FILTER
-- in: rule, search, with_all, sort, updated_at_us, company_id, folder_id
-- out: nothing
-- rows: 0..1
UPDATE folder SET rule = ?, search = ?, with_all = ?, sort = ?, updated_at_us = ? WHERE company_id = ? AND folder_id = ?;

-- name: FOLDER_NAME
-- in: name, is_shared, updated_at_us, company_id, folder_id
-- out: nothing
-- rows: 0..1
UPDATE folder SET name = ?, is_shared = ?, updated_at_us = ? WHERE company_id = ? AND folder_id = ?;

-- name: FOLDER_PLACE
-- in: position, company_id, folder_id
-- out: nothing
-- rows: 0..1
UPDATE folder SET position = ? WHERE company_id = ? AND folder_id = ?;

-- name: FOLDER_DELETE
-- in: company_id, folder_id
-- out: nothing
-- rows: 0..1
DELETE FROM folder WHERE company_id = ? AND folder_id = ?;

-- name: FOLDER_RULES
-- in: company_id
-- out: folder_id, rule
-- rows: n <= 20000
SELECT folder_id, rule FROM folder WHERE company_id = ? ORDER BY folder_id LIMIT 20000 FOR UPDATE;

-- name: FOLDER_RULE_SET
-- in: rule, company_id, folder_id
-- out: nothing
-- rows: 1
UPDATE folder SET rule = ? WHERE company_id = ? AND folder_id = ?;

-- name: SEGMENT_OPTIONS_SET
-- in: is_static, locked, unique_by, unique_keep, folder, description, updated_at_us, company_id, segment_id
-- out: nothing
-- rows: 0..1
UPDATE segment SET is_static = ?, locked = ?, unique_by = ?, unique_keep = ?, folder = ?, description = ?, updated_at_us = ?
WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_REBUILD
-- in: updated_at_us, company_id, segment_id
-- out: nothing
-- rows: 0..1
UPDATE segment SET version = version + 1, state = 'building', progress = 0, error = '', updated_at_us = ? WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_ARCHIVED_SET
-- in: archived_at_us (NULL: not), company_id, segment_id
-- out: nothing
-- rows: 0..1
UPDATE segment SET archived_at_us = ? WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_VERSION_ADD
-- in: made_by, made_at_us, company_id, segment_id
-- out: nothing
-- rows: 1
INSERT INTO segment_version (company_id, segment_id, version, name, rule, is_static, unique_by, unique_keep, made_by, made_at_us)
SELECT company_id, segment_id, version, name, rule, is_static, unique_by, unique_keep, ?, ? FROM segment WHERE company_id = ? AND segment_id = ?;

-- name: SEGMENT_VERSION_BUILT
-- in: size, company_id, segment_id, version
-- out: nothing
-- rows: 0..1
UPDATE segment_version SET size = ? WHERE company_id = ? AND segment_id = ? AND version = ?;

-- name: SEGMENT_VERSIONS
-- in: company_id, segment_id
-- out: version, name, rule, is_static, unique_by, unique_keep, made_by, made_at_us, size (NULL never built)
-- rows: n <= 500
SELECT version, name, rule, is_static, unique_by, unique_keep, made_by, made_at_us, size FROM segment_version
WHERE company_id = ? AND segment_id = ? ORDER BY version DESC LIMIT 500;

-- name: SEGMENT_VERSION_CLEAR
-- in: company_id, segment_id
-- out: nothing
-- rows: n
DELETE FROM segment_version WHERE company_id = ? AND segment_id = ?;

-- name: MEMBERSHIP_COPY
-- in: segment_id of the copy, company_id, segment_id
-- out: nothing
-- rows: n
INSERT INTO membership (company_id, segment_id, person_id, since_us, reason)
SELECT company_id, ?, person_id, since_us, reason FROM membership WHERE company_id = ? AND segment_id = ?;

-- name: MEMBERSHIP_AMONG
-- in: company_id, segment_id, person_ids...
-- out: person_id, since_us
-- rows: n <= 1024
SELECT person_id, since_us FROM membership WHERE company_id = ? AND segment_id = ? AND person_id IN ({?});

-- name: SEGMENT_DAYS_ALL
-- in: company_id, day (inclusive)
-- out: segment_id, day, size
-- rows: n <= 20000
SELECT segment_id, day, size FROM segment_day WHERE company_id = ? AND day >= ? ORDER BY segment_id, day LIMIT 20000;

-- name: SEGMENT_PROGRESS
-- in: percent, company_id, segment_id
-- out: nothing
-- rows: 0..1
UPDATE segment SET progress = ? WHERE company_id = ? AND segment_id = ?;
