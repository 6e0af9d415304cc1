-- Addresses of systems, mappings, what came last, files of 1C.

-- name: HOOK_BY_KEY
-- in: key_hash
-- out: company_id, source_id, hook_key, sign_how, sign_header, sign_secret, headers, password, prefix, version (sealed ones sealed)
-- rows: 0..1
-- platform: the key is what finds its company
SELECT company_id, source_id, hook_key, sign_how, sign_header, sign_secret, headers, password, prefix, version FROM hook WHERE key_hash = ?;

-- name: HOOK_OF_SOURCE
-- in: company_id, source_id
-- out: as HOOK_BY_KEY
-- rows: 0..1
SELECT company_id, source_id, hook_key, sign_how, sign_header, sign_secret, headers, password, prefix, version FROM hook
WHERE company_id = ? AND source_id = ?;

-- name: HOOK_PUT
-- in: company_id, source_id, key_hash, hook_key, password, changed_at_us
-- out: nothing
-- rows: 0
INSERT INTO hook (company_id, source_id, key_hash, hook_key, sign_how, sign_header, sign_secret, headers, password, prefix, version, changed_at_us)
VALUES (?, ?, ?, ?, '', '', '', '', ?, '', 0, ?)
ON DUPLICATE KEY UPDATE key_hash = VALUES(key_hash), hook_key = VALUES(hook_key), password = VALUES(password), changed_at_us = VALUES(changed_at_us);

-- name: HOOK_SET
-- in: sign_how, sign_header, sign_secret, headers, prefix, changed_at_us, company_id, source_id
-- out: nothing
-- rows: 0..1
UPDATE hook SET sign_how = ?, sign_header = ?, sign_secret = ?, headers = ?, prefix = ?, changed_at_us = ? WHERE company_id = ? AND source_id = ?;

-- name: HOOK_LOCK
-- in: company_id, source_id
-- out: version
-- rows: 0..1
SELECT version FROM hook WHERE company_id = ? AND source_id = ? FOR UPDATE;

-- name: HOOK_SET_VERSION
-- in: version, changed_at_us, company_id, source_id
-- out: nothing
-- rows: 1
UPDATE hook SET version = ?, changed_at_us = ? WHERE company_id = ? AND source_id = ?;

-- name: HOOK_MAPPING_ADD
-- in: company_id, source_id, version, script, user_id, at_us
-- out: nothing
-- rows: 0
INSERT INTO hook_mapping (company_id, source_id, version, script, user_id, at_us) VALUES (?, ?, ?, ?, ?, ?);

-- name: HOOK_MAPPING_BY_VERSION
-- in: company_id, source_id, version
-- out: script
-- rows: 0..1
SELECT script FROM hook_mapping WHERE company_id = ? AND source_id = ? AND version = ?;

-- name: HOOK_MAPPING_ALL
-- in: company_id, source_id
-- out: version, user_id, at_us
-- rows: n <= 50
SELECT version, user_id, at_us FROM hook_mapping WHERE company_id = ? AND source_id = ? ORDER BY version DESC LIMIT 50;

-- name: HOOK_RECENT_ADD
-- in: company_id, source_id, recent_id, at_us, request
-- out: nothing
-- rows: 0
INSERT INTO hook_recent (company_id, source_id, recent_id, at_us, request) VALUES {(?, ?, ?, ?, ?)};

-- name: HOOK_RECENT_ALL
-- in: company_id, source_id
-- out: recent_id, at_us, request
-- rows: n <= 100
SELECT recent_id, at_us, request FROM hook_recent WHERE company_id = ? AND source_id = ? ORDER BY recent_id DESC LIMIT 100;

-- name: HOOK_RECENT_KEPT
-- in: company_id, source_id
-- out: recent_id of the 20th newest
-- rows: 0..1
SELECT recent_id FROM hook_recent WHERE company_id = ? AND source_id = ? ORDER BY recent_id DESC LIMIT 1 OFFSET 19;

-- name: HOOK_RECENT_CUT
-- in: company_id, source_id, recent_id (older ones go)
-- out: nothing
-- rows: n
DELETE FROM hook_recent WHERE company_id = ? AND source_id = ? AND recent_id < ?;

-- name: HOOK_RECENT_ERASE
-- in: company_id, a pattern of a part of the request
-- out: nothing
-- rows: n
DELETE FROM hook_recent WHERE company_id = ? AND request REGEXP ?;

-- name: HOOK_FILE_PUT
-- in: company_id, source_id, name, file_id, state, bytes, job_id, report, at_us
-- out: nothing
-- rows: 0
REPLACE INTO hook_file (company_id, source_id, name, file_id, state, bytes, job_id, report, at_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: HOOK_FILE_BY_NAME
-- in: company_id, source_id, name
-- out: file_id, state, bytes, job_id, report, at_us
-- rows: 0..1
SELECT file_id, state, bytes, job_id, report, at_us FROM hook_file WHERE company_id = ? AND source_id = ? AND name = ?;

-- name: HOOK_FILE_ALL
-- in: company_id, source_id
-- out: name, state, bytes, report, at_us
-- rows: n <= 20
SELECT name, state, bytes, report, at_us FROM hook_file WHERE company_id = ? AND source_id = ? ORDER BY at_us DESC LIMIT 20;

-- name: HOOK_FILE_END
-- in: state, report, at_us, company_id, source_id, name, file_id
-- out: nothing
-- rows: 0..1
UPDATE hook_file SET state = ?, report = ?, at_us = ? WHERE company_id = ? AND source_id = ? AND name = ? AND file_id = ?;

-- name: HOOK_FILE_SENDING
-- in: company_id, source_id
-- out: file_id
-- rows: n <= 1000
SELECT file_id FROM hook_file WHERE company_id = ? AND source_id = ? AND state = 'sending' LIMIT 1000;

-- name: HOOK_FILE_FORGET
-- in: company_id, source_id, at_us (what was read before that)
-- out: nothing
-- rows: n
DELETE FROM hook_file WHERE company_id = ? AND source_id = ? AND (state = 'sending' OR (state IN ('done', 'failed') AND at_us < ?));

-- name: HOOK_ORDER_STATE
-- in: company_id, source_id, order_hash
-- out: state_hash
-- rows: 0..1
SELECT state_hash FROM hook_order WHERE company_id = ? AND source_id = ? AND order_hash = ?;

-- name: HOOK_ORDER_PUT
-- in: company_id, source_id, order_hash, state_hash
-- out: nothing
-- rows: 0
INSERT INTO hook_order (company_id, source_id, order_hash, state_hash) VALUES {(?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE state_hash = VALUES(state_hash);
