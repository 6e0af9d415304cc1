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
-- out: user_id, email, password, role, name, language, state, failed_logins, blocked_until_us
-- rows: 0..1
SELECT user_id, email, password, role, name, language, state, failed_logins, blocked_until_us
FROM user WHERE company_id = ? AND email = ?;

-- name: USER_ALL
-- in: company_id
-- out: user_id, email, role, name, language, state, created_at_us, last_login_us (NULL never)
-- rows: n <= 1000
SELECT user_id, email, role, name, language, state, created_at_us, last_login_us
FROM user WHERE company_id = ? ORDER BY user_id LIMIT 1000;

-- name: USER_LOGIN_DONE
-- in: at_us, company_id, user_id
-- out: nothing
-- rows: 1
UPDATE user SET last_login_us = ?, failed_logins = 0, blocked_until_us = 0 WHERE company_id = ? AND user_id = ?;

-- name: USER_LOGIN_FAILED
-- in: blocked_until_us, company_id, user_id
-- out: nothing
-- rows: 1
UPDATE user SET failed_logins = failed_logins + 1, blocked_until_us = ? WHERE company_id = ? AND user_id = ?;

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
-- in: company_id, session_hash, user_id, csrf, created_at_us, seen_at_us, ip, agent
-- out: nothing
-- rows: 0
INSERT INTO session (company_id, session_hash, user_id, csrf, created_at_us, seen_at_us, ip, agent)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: SESSION_BY_HASH
-- in: company_id, session_hash
-- out: user_id, csrf, created_at_us, seen_at_us, email, role, name, language, state
-- rows: 0..1
SELECT s.user_id, s.csrf, s.created_at_us, s.seen_at_us, u.email, u.role, u.name, u.language, u.state
FROM session s JOIN user u ON u.company_id = s.company_id AND u.user_id = s.user_id
WHERE s.company_id = ? AND s.session_hash = ?;

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
-- out: company_id, secret_hash, scopes, revoked_at_us (NULL while it works)
-- rows: 0..1
-- platform: the key is what finds its company
SELECT company_id, secret_hash, scopes, revoked_at_us FROM api_key WHERE key_id = ?;

-- name: API_KEY_ALL
-- in: company_id
-- out: key_id, name, scopes, created_at_us, revoked_at_us
-- rows: n <= 1000
SELECT key_id, name, scopes, created_at_us, revoked_at_us FROM api_key WHERE company_id = ? ORDER BY created_at_us LIMIT 1000;

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
-- out: company_id, source_id, state
-- rows: 0..1
-- platform: the key is what finds its company
SELECT company_id, source_id, state FROM source WHERE write_key = ?;

-- name: SOURCE_SET_STATE
-- in: state, company_id, source_id
-- out: nothing
-- rows: 0..1
UPDATE source SET state = ? WHERE company_id = ? AND source_id = ?;

-- name: AUDIT_INSERT
-- in: company_id, audit_id, user_id, at_us, ip, action, object, detail
-- out: nothing
-- rows: 0
INSERT INTO audit (company_id, audit_id, user_id, at_us, ip, action, object, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- name: AUDIT_LAST
-- in: company_id
-- out: at_us, user_id, ip, action, object, detail
-- rows: n <= 200
SELECT at_us, user_id, ip, action, object, detail FROM audit WHERE company_id = ? ORDER BY audit_id DESC LIMIT 200;

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
