-- What models find: pairs of persons that may be one.

-- name: DUPLICATE_PUT
-- in: company_id, duplicate_id, a_id, b_id, score, reasons (JSON), state, found_at_us, user_id
-- out: nothing
-- rows: 0
INSERT INTO duplicate (company_id, duplicate_id, a_id, b_id, score, reasons, state, found_at_us, user_id)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE score = VALUES(score), reasons = VALUES(reasons);

-- name: DUPLICATE_LIST
-- in: company_id, state, before score, the same score, before duplicate_id at it, limit
-- out: duplicate_id, a_id, b_id, score, reasons (JSON), state, found_at_us, decided_at_us (NULL), merge_id (NULL)
-- rows: n <= limit
SELECT duplicate_id, a_id, b_id, score, reasons, state, found_at_us, decided_at_us, merge_id FROM duplicate
WHERE company_id = ? AND state = ? AND (score < ? OR (score = ? AND duplicate_id < ?)) ORDER BY score DESC, duplicate_id DESC LIMIT ?;

-- name: DUPLICATE_BY_ID
-- in: company_id, duplicate_id
-- out: as DUPLICATE_LIST
-- rows: 0..1
SELECT duplicate_id, a_id, b_id, score, reasons, state, found_at_us, decided_at_us, merge_id FROM duplicate
WHERE company_id = ? AND duplicate_id = ?;

-- name: DUPLICATE_COUNT
-- in: company_id, least score
-- out: how many are open
-- rows: 1
SELECT COUNT(*) FROM duplicate WHERE company_id = ? AND state = 'open' AND score >= ?;

-- name: DUPLICATE_DECIDE
-- in: state, decided_at_us, user_id, merge_id (or NULL), company_id, duplicate_id
-- out: nothing
-- rows: 0..1
UPDATE duplicate SET state = ?, decided_at_us = ?, user_id = ?, merge_id = ? WHERE company_id = ? AND duplicate_id = ? AND state = 'open';
