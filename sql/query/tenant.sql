-- Companies, users, sessions, keys, sources, audit.

-- name: COMPANY_INSERT
-- in: company_id, slug, name, country, currency, timezone, language, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO company (company_id, slug, name, country, currency, timezone, language, state, created_at_us)
VALUES (?, ?, ?, ?, ?, ?, ?, 'active', ?);

-- name: COMPANY_FEED_INSERT
-- in: company_id
-- out: nothing
-- rows: 0
INSERT INTO feed (company_id, last_seq) VALUES (?, 0);

-- name: COMPANY_BY_ID
-- in: company_id
-- out: company_id, slug, name, country, currency, timezone, language
-- rows: 0..1
SELECT company_id, slug, name, country, currency, timezone, language FROM company WHERE company_id = ?;

-- name: COMPANY_BY_SLUG
-- in: slug
-- out: as COMPANY_BY_ID
-- rows: 0..1
-- platform: the slug is what finds the company
SELECT company_id, slug, name, country, currency, timezone, language FROM company WHERE slug = ?;

-- name: COMPANY_ALL
-- in: nothing
-- out: as COMPANY_BY_ID, then created_at_us
-- rows: n <= 1000
-- platform: the list of companies
SELECT company_id, slug, name, country, currency, timezone, language, created_at_us FROM company ORDER BY company_id LIMIT 1000;

-- name: USER_INSERT
-- in: company_id, user_id, email, password hash, role, name, language, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO user (company_id, user_id, email, password, role, name, language, state, created_at_us)
VALUES (?, ?, ?, ?, ?, ?, ?, 'active', ?);

-- name: USER_BY_EMAIL
-- in: company_id, email
-- out: user_id, email, password, role, name, language, state, has a second factor
-- rows: 0..1
SELECT u.user_id, u.email, u.password, u.role, u.name, u.language, u.state, f.user_id IS NOT NULL
FROM user u LEFT JOIN second_factor f ON f.company_id = u.company_id AND f.user_id = u.user_id
WHERE u.company_id = ? AND u.email = ?;

-- name: USER_BY_ID
-- in: company_id, user_id
-- out: as USER_BY_EMAIL, then created_at_us, last_login_us (NULL never)
-- rows: 0..1
SELECT u.user_id, u.email, u.password, u.role, u.name, u.language, u.state, f.user_id IS NOT NULL, u.created_at_us, u.last_login_us
FROM user u LEFT JOIN second_factor f ON f.company_id = u.company_id AND f.user_id = u.user_id
WHERE u.company_id = ? AND u.user_id = ?;

-- name: USER_ALL
-- in: company_id
-- out: user_id, email, role, name, language, state, created_at_us, last_login_us (NULL never), has a second factor
-- rows: n <= 1000
SELECT u.user_id, u.email, u.role, u.name, u.language, u.state, u.created_at_us, u.last_login_us, f.user_id IS NOT NULL
FROM user u LEFT JOIN second_factor f ON f.company_id = u.company_id AND f.user_id = u.user_id
WHERE u.company_id = ? ORDER BY u.user_id LIMIT 1000;

-- name: USER_LOGIN_DONE
-- in: last_login_us, company_id, user_id
-- out: nothing
-- rows: 1
UPDATE user SET last_login_us = ? WHERE company_id = ? AND user_id = ?;

-- name: USER_SET_PASSWORD
-- in: password hash, company_id, user_id
-- out: nothing
-- rows: 0..1
UPDATE user SET password = ? WHERE company_id = ? AND user_id = ?;

-- name: USER_SET_STATE
-- in: state, company_id, user_id
-- out: nothing
-- rows: 0..1
UPDATE user SET state = ? WHERE company_id = ? AND user_id = ?;

-- name: USER_SET_LANGUAGE
-- in: language, company_id, user_id
-- out: nothing
-- rows: 0..1
UPDATE user SET language = ? WHERE company_id = ? AND user_id = ?;

-- name: SESSION_INSERT
-- in: company_id, session_hash, user_id, csrf, created_at_us, seen_at_us, proved_at_us (0: the code is awaited), ip, agent
-- out: nothing
-- rows: 0
INSERT INTO session (company_id, session_hash, user_id, csrf, created_at_us, seen_at_us, proved_at_us, ip, agent)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: SESSION_BY_HASH
-- in: company_id, session_hash
-- out: user_id, csrf, created_at_us, seen_at_us, email, role, name, language, state, proved_at_us, has a second factor, policy (NULL none)
-- rows: 0..1
SELECT s.user_id, s.csrf, s.created_at_us, s.seen_at_us, u.email, u.role, u.name, u.language, u.state, s.proved_at_us,
  f.user_id IS NOT NULL, p.second_factor
FROM session s JOIN user u ON u.company_id = s.company_id AND u.user_id = s.user_id
LEFT JOIN second_factor f ON f.company_id = s.company_id AND f.user_id = s.user_id
LEFT JOIN policy p ON p.company_id = s.company_id
WHERE s.company_id = ? AND s.session_hash = ?;

-- name: SESSION_OF_USER
-- in: company_id, user_id
-- out: session_hash, created_at_us, seen_at_us, ip, agent
-- rows: n <= 100
SELECT session_hash, created_at_us, seen_at_us, ip, agent FROM session
WHERE company_id = ? AND user_id = ? AND proved_at_us > 0 ORDER BY seen_at_us DESC LIMIT 100;

-- name: SESSION_PROVED
-- in: proved_at_us, company_id, session_hash
-- out: nothing
-- rows: 0..1
UPDATE session SET proved_at_us = ? WHERE company_id = ? AND session_hash = ?;

-- name: SESSION_DELETE_ONE_OF_USER
-- in: company_id, user_id, session_hash
-- out: nothing
-- rows: 0..1
DELETE FROM session WHERE company_id = ? AND user_id = ? AND session_hash = ?;

-- name: SESSION_DELETE_OTHERS_OF_USER
-- in: company_id, user_id, session_hash (stays)
-- out: nothing
-- rows: n
DELETE FROM session WHERE company_id = ? AND user_id = ? AND session_hash <> ?;

-- name: SESSION_SEEN
-- in: seen_at_us, company_id, session_hash
-- out: nothing
-- rows: 0..1
UPDATE session SET seen_at_us = ? WHERE company_id = ? AND session_hash = ?;

-- name: SESSION_DELETE
-- in: company_id, session_hash
-- out: nothing
-- rows: 0..1
DELETE FROM session WHERE company_id = ? AND session_hash = ?;

-- name: SESSION_DELETE_OF_USER
-- in: company_id, user_id
-- out: nothing
-- rows: n
DELETE FROM session WHERE company_id = ? AND user_id = ?;

-- name: API_KEY_INSERT
-- in: key_id, company_id, name, secret_hash, scopes, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO api_key (key_id, company_id, name, secret_hash, scopes, created_at_us) VALUES (?, ?, ?, ?, ?, ?);

-- name: API_KEY_BY_ID
-- in: key_id
-- out: company_id, secret_hash, scopes, revoked_at_us (NULL while it works), expires_at_us (NULL never), networks (NULL any), used_at_us
-- rows: 0..1
-- platform: the key is what finds its company
SELECT k.company_id, k.secret_hash, k.scopes, k.revoked_at_us, l.expires_at_us, l.networks, l.used_at_us
FROM api_key k LEFT JOIN api_key_use l ON l.company_id = k.company_id AND l.key_id = k.key_id WHERE k.key_id = ?;

-- name: API_KEY_ALL
-- in: company_id
-- out: key_id, name, scopes, created_at_us, revoked_at_us, expires_at_us, networks, used_at_us, used_ip
-- rows: n <= 1000
SELECT k.key_id, k.name, k.scopes, k.created_at_us, k.revoked_at_us, l.expires_at_us, l.networks, l.used_at_us, l.used_ip
FROM api_key k LEFT JOIN api_key_use l ON l.company_id = k.company_id AND l.key_id = k.key_id
WHERE k.company_id = ? ORDER BY k.created_at_us LIMIT 1000;

-- name: API_KEY_LIMIT
-- in: company_id, key_id, expires_at_us (NULL never), networks
-- out: nothing
-- rows: 0
INSERT INTO api_key_use (company_id, key_id, expires_at_us, networks, used_ip) VALUES (?, ?, ?, ?, '');

-- name: API_KEY_USED
-- in: company_id, key_id, used_at_us, used_ip
-- out: nothing
-- rows: 0
INSERT INTO api_key_use (company_id, key_id, networks, used_at_us, used_ip) VALUES (?, ?, '', ?, ?)
ON DUPLICATE KEY UPDATE used_at_us = VALUES(used_at_us), used_ip = VALUES(used_ip);

-- name: API_KEY_REVOKE
-- in: revoked_at_us, company_id, key_id
-- out: nothing
-- rows: 0..1
UPDATE api_key SET revoked_at_us = ? WHERE company_id = ? AND key_id = ? AND revoked_at_us IS NULL;

-- name: SOURCE_INSERT
-- in: company_id, source_id, name, kind, write_key, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO source (company_id, source_id, name, kind, write_key, state, created_at_us) VALUES (?, ?, ?, ?, ?, 'active', ?);

-- name: SOURCE_ALL
-- in: company_id
-- out: source_id, name, kind, write_key, state, created_at_us
-- rows: n <= 1000
SELECT source_id, name, kind, write_key, state, created_at_us FROM source WHERE company_id = ? ORDER BY source_id LIMIT 1000;

-- name: SOURCE_BY_ID
-- in: company_id, source_id
-- out: as SOURCE_ALL
-- rows: 0..1
SELECT source_id, name, kind, write_key, state, created_at_us FROM source WHERE company_id = ? AND source_id = ?;

-- name: SOURCE_BY_KEY
-- in: write_key
-- out: company_id, source_id, state, kind, rules (JSON, NULL: the defaults), secret (sealed), bindings (JSON, NULL: none)
-- rows: 0..1
-- platform: the key is what finds its company
SELECT s.company_id, s.source_id, s.state, s.kind, r.rules, r.secret, b.published FROM source s
LEFT JOIN source_rules r ON r.company_id = s.company_id AND r.source_id = s.source_id
LEFT JOIN binding_source b ON b.company_id = s.company_id AND b.source_id = s.source_id WHERE s.write_key = ?;

-- name: SOURCE_RULES
-- in: company_id, source_id
-- out: kind, rules (JSON, NULL: the defaults), secret (sealed)
-- rows: 0..1
SELECT s.kind, r.rules, r.secret FROM source s
LEFT JOIN source_rules r ON r.company_id = s.company_id AND r.source_id = s.source_id WHERE s.company_id = ? AND s.source_id = ?;

-- name: SOURCE_RULES_PUT
-- in: company_id, source_id, rules, secret, changed_at_us
-- out: nothing
-- rows: 0
INSERT INTO source_rules (company_id, source_id, rules, secret, changed_at_us) VALUES (?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE rules = VALUES(rules), secret = VALUES(secret), changed_at_us = VALUES(changed_at_us);

-- name: SOURCE_SET_NAME
-- in: name, company_id, source_id
-- out: nothing
-- rows: 0..1
UPDATE source SET name = ? WHERE company_id = ? AND source_id = ?;

-- name: BINDING_ALL
-- in: company_id, source_id
-- out: binding_id, event, kind, selector, url, once_a_page, properties (JSON), state, updated_by, updated_at_us
-- rows: n <= 200
SELECT binding_id, event, kind, selector, url, once_a_page, properties, state, updated_by, updated_at_us FROM binding
WHERE company_id = ? AND source_id = ? ORDER BY binding_id LIMIT 200;

-- name: BINDING_BY_ID
-- in: company_id, source_id, binding_id
-- out: as BINDING_ALL
-- rows: 0..1
SELECT binding_id, event, kind, selector, url, once_a_page, properties, state, updated_by, updated_at_us FROM binding
WHERE company_id = ? AND source_id = ? AND binding_id = ?;

-- name: BINDING_INSERT
-- in: company_id, binding_id, source_id, event, kind, selector, url, once_a_page, properties, state, created_by, updated_by, created_at_us, updated_at_us
-- out: nothing
-- rows: 0
INSERT INTO binding (company_id, binding_id, source_id, event, kind, selector, url, once_a_page, properties, state, created_by, updated_by, created_at_us, updated_at_us)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: BINDING_UPDATE
-- in: event, kind, selector, url, once_a_page, properties, state, updated_by, updated_at_us, company_id, source_id, binding_id
-- out: nothing
-- rows: 0..1
UPDATE binding SET event = ?, kind = ?, selector = ?, url = ?, once_a_page = ?, properties = ?, state = ?, updated_by = ?, updated_at_us = ?
WHERE company_id = ? AND source_id = ? AND binding_id = ?;

-- name: BINDING_DELETE
-- in: company_id, source_id, binding_id
-- out: nothing
-- rows: 0..1
DELETE FROM binding WHERE company_id = ? AND source_id = ? AND binding_id = ?;

-- name: BINDING_COUNT_DELETE
-- in: company_id, binding_id
-- out: nothing
-- rows: n
DELETE FROM binding_count WHERE company_id = ? AND binding_id = ?;

-- name: BINDING_SOURCE_BEGIN
-- in: company_id, source_id
-- out: nothing
-- rows: 0
INSERT IGNORE INTO binding_source (company_id, source_id, published, link_url) VALUES (?, ?, '[]', '');

-- name: BINDING_SOURCE_LOCK
-- in: company_id, source_id
-- out: published (JSON)
-- rows: 0..1
SELECT published FROM binding_source WHERE company_id = ? AND source_id = ? FOR UPDATE;

-- name: BINDING_SOURCE
-- in: company_id, source_id
-- out: published (JSON), link_url, link_at_us (NULL: none was given out), met_at_us (NULL: the page has not answered)
-- rows: 0..1
SELECT published, link_url, link_at_us, met_at_us FROM binding_source WHERE company_id = ? AND source_id = ?;

-- name: BINDING_SOURCE_PUBLISH
-- in: published (JSON), company_id, source_id
-- out: nothing
-- rows: 0..1
UPDATE binding_source SET published = ? WHERE company_id = ? AND source_id = ?;

-- name: BINDING_SOURCE_LINK
-- in: link_url, link_at_us, company_id, source_id
-- out: nothing
-- rows: 0..1
UPDATE binding_source SET link_url = ?, link_at_us = ?, met_at_us = NULL WHERE company_id = ? AND source_id = ?;

-- name: BINDING_SOURCE_MET
-- in: met_at_us, company_id, source_id
-- out: nothing
-- rows: 0..1
UPDATE binding_source SET met_at_us = ? WHERE company_id = ? AND source_id = ?;

-- name: SOURCE_SET_STATE
-- in: state, company_id, source_id
-- out: nothing
-- rows: 0..1
UPDATE source SET state = ? WHERE company_id = ? AND source_id = ?;

-- name: AUDIT_LAST_LOCK
-- in: company_id
-- out: audit_no, hash
-- rows: 0..1
SELECT audit_no, hash FROM audit_last WHERE company_id = ? FOR UPDATE;

-- name: AUDIT_LAST_BEGIN
-- in: company_id
-- out: nothing
-- rows: 0
INSERT IGNORE INTO audit_last (company_id, audit_no, hash) VALUES (?, 0, '');

-- name: AUDIT_LAST_MOVE
-- in: audit_no, hash, company_id
-- out: nothing
-- rows: 1
UPDATE audit_last SET audit_no = ?, hash = ? WHERE company_id = ?;

-- name: AUDIT_INSERT
-- in: company_id, audit_no, at_us, user_id, key_id, ip, request_id, action, object, detail, hash
-- out: nothing
-- rows: 0
INSERT INTO audit_log (company_id, audit_no, at_us, user_id, key_id, ip, request_id, action, object, detail, hash)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- name: AUDIT_PAGE
-- in: company_id, audit_no (older ones), user_id or 0, the same again, action or empty, the same again, how many
-- out: audit_no, at_us, user_id, key_id, ip, request_id, action, object, detail
-- rows: n <= 200
SELECT audit_no, at_us, user_id, key_id, ip, request_id, action, object, detail FROM audit_log
WHERE company_id = ? AND audit_no < ? AND (? = 0 OR user_id = ?) AND (? = '' OR action = ?) ORDER BY audit_no DESC LIMIT ?;

-- name: AUDIT_ACTIONS
-- in: company_id
-- out: action
-- rows: n <= 200
SELECT DISTINCT action FROM audit_log WHERE company_id = ? ORDER BY action LIMIT 200;

-- name: AUDIT_CHAIN
-- in: company_id, audit_no (later ones)
-- out: audit_no, at_us, user_id, key_id, ip, request_id, action, object, detail, hash
-- rows: n <= 1000
SELECT audit_no, at_us, user_id, key_id, ip, request_id, action, object, detail, hash FROM audit_log
WHERE company_id = ? AND audit_no > ? ORDER BY audit_no LIMIT 1000;

-- name: AUDIT_HEADS
-- in: nothing
-- out: company_id, audit_no, hash
-- rows: n
-- platform: the operator verifies all companies
SELECT company_id, audit_no, hash FROM audit_last ORDER BY company_id;

-- name: SECOND_BY_USER
-- in: company_id, user_id
-- out: secret (sealed), last_step
-- rows: 0..1
SELECT secret, last_step FROM second_factor WHERE company_id = ? AND user_id = ?;

-- name: SECOND_PUT
-- in: company_id, user_id, secret (sealed), last_step, created_at_us
-- out: nothing
-- rows: 0
REPLACE INTO second_factor (company_id, user_id, secret, last_step, created_at_us) VALUES (?, ?, ?, ?, ?);

-- name: SECOND_STEP
-- in: last_step, company_id, user_id, last_step (must be less)
-- out: nothing
-- rows: 0..1
UPDATE second_factor SET last_step = ? WHERE company_id = ? AND user_id = ? AND last_step < ?;

-- name: SECOND_DROP
-- in: company_id, user_id
-- out: nothing
-- rows: 0..1
DELETE FROM second_factor WHERE company_id = ? AND user_id = ?;

-- name: RECOVERY_DROP
-- in: company_id, user_id
-- out: nothing
-- rows: n
DELETE FROM recovery_code WHERE company_id = ? AND user_id = ?;

-- name: RECOVERY_ADD
-- in: (company_id, user_id, code_hash) each
-- out: nothing
-- rows: 0
INSERT INTO recovery_code (company_id, user_id, code_hash) VALUES {(?, ?, ?)};

-- name: RECOVERY_USE
-- in: company_id, user_id, code_hash
-- out: nothing
-- rows: 0..1
DELETE FROM recovery_code WHERE company_id = ? AND user_id = ? AND code_hash = ?;

-- name: RECOVERY_LEFT
-- in: company_id, user_id
-- out: how many
-- rows: 1
SELECT COUNT(*) FROM recovery_code WHERE company_id = ? AND user_id = ?;

-- name: POLICY_BY_COMPANY
-- in: company_id
-- out: second_factor
-- rows: 0..1
SELECT second_factor FROM policy WHERE company_id = ?;

-- name: POLICY_PUT
-- in: company_id, second_factor
-- out: nothing
-- rows: 0
REPLACE INTO policy (company_id, second_factor) VALUES (?, ?);

-- name: PASS_ADD
-- in: company_id, token_hash, user_id, expires_at_us
-- out: nothing
-- rows: 0
INSERT INTO pass (company_id, token_hash, user_id, expires_at_us) VALUES (?, ?, ?, ?);

-- name: PASS_BY_HASH
-- in: company_id, token_hash
-- out: user_id, expires_at_us
-- rows: 0..1
SELECT user_id, expires_at_us FROM pass WHERE company_id = ? AND token_hash = ?;

-- name: PASS_USE
-- in: company_id, token_hash
-- out: nothing
-- rows: 0..1
DELETE FROM pass WHERE company_id = ? AND token_hash = ?;

-- name: PASS_DROP_OF_USER
-- in: company_id, user_id
-- out: nothing
-- rows: n
DELETE FROM pass WHERE company_id = ? AND user_id = ?;

-- name: PASS_PRUNE
-- in: company_id, expires_at_us (older ones go)
-- out: nothing
-- rows: n
DELETE FROM pass WHERE company_id = ? AND expires_at_us < ? LIMIT 5000;

-- name: THROTTLE_BEGIN
-- in: company_id, key_hash, at_us
-- out: nothing
-- rows: 0
INSERT INTO throttle (company_id, key_hash, failures, until_us, at_us) VALUES (?, ?, 0, 0, ?)
ON DUPLICATE KEY UPDATE at_us = VALUES(at_us);

-- name: THROTTLE_LOCK
-- in: company_id, key_hash
-- out: failures, until_us
-- rows: 0..1
SELECT failures, until_us FROM throttle WHERE company_id = ? AND key_hash = ? FOR UPDATE;

-- name: THROTTLE_MOVE
-- in: failures, until_us, company_id, key_hash
-- out: nothing
-- rows: 1
UPDATE throttle SET failures = ?, until_us = ? WHERE company_id = ? AND key_hash = ?;

-- name: THROTTLE_DROP
-- in: company_id, key_hash
-- out: nothing
-- rows: 0..1
DELETE FROM throttle WHERE company_id = ? AND key_hash = ?;

-- name: THROTTLE_PRUNE
-- in: company_id, at_us (older ones go)
-- out: nothing
-- rows: n
DELETE FROM throttle WHERE company_id = ? AND at_us < ? LIMIT 5000;

-- name: IDEMPOTENCY_BY_KEY
-- in: company_id, key_hash
-- out: body_hash, status (0 while the first request is in hand), answer, at_us
-- rows: 0..1
SELECT body_hash, status, answer, at_us FROM idempotency WHERE company_id = ? AND key_hash = ?;

-- name: IDEMPOTENCY_BEGIN
-- in: company_id, key_hash, body_hash, at_us
-- out: nothing
-- rows: 0
INSERT INTO idempotency (company_id, key_hash, body_hash, status, answer, at_us) VALUES (?, ?, ?, 0, '', ?);

-- name: IDEMPOTENCY_END
-- in: status, answer, company_id, key_hash
-- out: nothing
-- rows: 0..1
UPDATE idempotency SET status = ?, answer = ? WHERE company_id = ? AND key_hash = ?;

-- name: IDEMPOTENCY_DROP
-- in: company_id, key_hash, at_us
-- out: nothing
-- rows: 0..1
DELETE FROM idempotency WHERE company_id = ? AND key_hash = ? AND at_us <= ?;

-- name: IDEMPOTENCY_PRUNE
-- in: company_id, at_us (older ones go)
-- out: nothing
-- rows: n
DELETE FROM idempotency WHERE company_id = ? AND at_us < ? LIMIT 5000;

-- name: SESSION_PRUNE
-- in: company_id, seen_at_us (older ones go)
-- out: nothing
-- rows: n
DELETE FROM session WHERE company_id = ? AND seen_at_us < ? LIMIT 5000;

-- name: IDEMPOTENCY_ERASE
-- in: company_id, a part of the answer
-- out: nothing
-- rows: n
DELETE FROM idempotency WHERE company_id = ? AND INSTR(answer, ?) > 0;

-- The API's requests.

-- name: REQUEST_ADD
-- in: (company_id, request_id, at_us, key_id, method, pattern, path, status, class, ms, bytes, ip, code, sentence) each
-- out: nothing
-- rows: 0
INSERT INTO request_log (company_id, request_id, at_us, key_id, method, pattern, path, status, class, ms, bytes, ip, code, sentence)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)};

-- name: REQUEST_PAGE
-- in: company_id, request_id (older ones), beginning of the path (LIKE), the same again
-- out: request_id, at_us, key_id, method, pattern, path, status, ms, bytes, ip, code, sentence
-- rows: n <= 100
SELECT request_id, at_us, key_id, method, pattern, path, status, ms, bytes, ip, code, sentence FROM request_log
WHERE company_id = ? AND request_id < ? AND (path LIKE ? OR pattern LIKE ?) ORDER BY request_id DESC LIMIT 100;

-- name: REQUEST_PAGE_KEY
-- in: company_id, request_id (older ones), beginning of the path (LIKE), the same again, key_id
-- out: as REQUEST_PAGE
-- rows: n <= 100
SELECT request_id, at_us, key_id, method, pattern, path, status, ms, bytes, ip, code, sentence FROM request_log
WHERE company_id = ? AND request_id < ? AND (path LIKE ? OR pattern LIKE ?) AND key_id = ? ORDER BY request_id DESC LIMIT 100;

-- name: REQUEST_PAGE_CLASS
-- in: company_id, request_id (older ones), beginning of the path (LIKE), the same again, class
-- out: as REQUEST_PAGE
-- rows: n <= 100
SELECT request_id, at_us, key_id, method, pattern, path, status, ms, bytes, ip, code, sentence FROM request_log
WHERE company_id = ? AND request_id < ? AND (path LIKE ? OR pattern LIKE ?) AND class = ? ORDER BY request_id DESC LIMIT 100;

-- name: REQUEST_PAGE_BOTH
-- in: company_id, request_id (older ones), beginning of the path (LIKE), the same again, class, key_id
-- out: as REQUEST_PAGE
-- rows: n <= 100
SELECT request_id, at_us, key_id, method, pattern, path, status, ms, bytes, ip, code, sentence FROM request_log
WHERE company_id = ? AND request_id < ? AND (path LIKE ? OR pattern LIKE ?) AND class = ? AND key_id = ?
ORDER BY request_id DESC LIMIT 100;

-- name: REQUEST_ERASE
-- in: company_id, a pattern of a part of the path or the sentence, the same again
-- out: nothing
-- rows: n
UPDATE request_log SET path = pattern, sentence = '' WHERE company_id = ? AND (path REGEXP ? OR sentence REGEXP ?);

-- name: REQUEST_NTH
-- in: company_id, how many newer ones there are
-- out: request_id
-- rows: 0..1
SELECT request_id FROM request_log WHERE company_id = ? ORDER BY request_id DESC LIMIT 1 OFFSET ?;

-- name: REQUEST_PRUNE
-- in: company_id, request_id (older ones go)
-- out: nothing
-- rows: n
DELETE FROM request_log WHERE company_id = ? AND request_id < ? LIMIT 5000;

-- How users like their lists.

-- name: USER_LIST_BY_NAME
-- in: company_id, user_id, list
-- out: columns (JSON), sort
-- rows: 0..1
SELECT columns, sort FROM user_list WHERE company_id = ? AND user_id = ? AND list = ?;

-- name: USER_LIST_SET
-- in: company_id, user_id, list, columns (JSON), sort, updated_at_us
-- out: nothing
-- rows: 0..1
INSERT INTO user_list (company_id, user_id, list, columns, sort, updated_at_us) VALUES (?, ?, ?, ?, ?, ?)
ON DUPLICATE KEY UPDATE columns = VALUES(columns), sort = VALUES(sort), updated_at_us = VALUES(updated_at_us);
