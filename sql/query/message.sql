-- One text to one person: templates, links, origins, the outbox, receipts, figures.

-- name: TEMPLATE_ALL
-- in: company_id
-- out: template_id, name, channel, subject, version, created_at_us, updated_at_us
-- rows: n <= 1000
SELECT template_id, name, channel, subject, version, created_at_us, updated_at_us FROM template
WHERE company_id = ? ORDER BY updated_at_us DESC LIMIT 1000;

-- name: TEMPLATE_BY_ID
-- in: company_id, template_id
-- out: template_id, name, channel, subject, body, version, created_at_us, updated_at_us
-- rows: 0..1
SELECT template_id, name, channel, subject, body, version, created_at_us, updated_at_us FROM template
WHERE company_id = ? AND template_id = ?;

-- name: TEMPLATE_SAYING
-- in: company_id, a word, the same again
-- out: template_id, name, subject, body
-- rows: n <= 1000
SELECT template_id, name, subject, body FROM template WHERE company_id = ? AND (LOCATE(?, subject) > 0 OR LOCATE(?, body) > 0)
ORDER BY template_id LIMIT 1000;

-- name: TEMPLATE_BY_NAME
-- in: company_id, name
-- out: as TEMPLATE_BY_ID
-- rows: 0..1
SELECT template_id, name, channel, subject, body, version, created_at_us, updated_at_us FROM template
WHERE company_id = ? AND name = ?;

-- name: TEMPLATE_INSERT
-- in: company_id, template_id, name, channel, subject, body, created_at_us, updated_at_us
-- out: nothing
-- rows: 0
INSERT INTO template (company_id, template_id, name, channel, subject, body, version, created_at_us, updated_at_us)
VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?);

-- name: TEMPLATE_UPDATE
-- in: name, subject, body, updated_at_us, company_id, template_id
-- out: nothing
-- rows: 0..1
UPDATE template SET name = ?, subject = ?, body = ?, version = version + 1, updated_at_us = ?
WHERE company_id = ? AND template_id = ?;

-- name: LINK_PUT
-- in: company_id, link_id, url
-- out: nothing
-- rows: 0
INSERT INTO link (company_id, link_id, url) VALUES {(?, ?, ?)} ON DUPLICATE KEY UPDATE link_id = VALUES(link_id);

-- name: LINK_TARGET
-- in: company_id, link_id
-- out: url
-- rows: 0..1
SELECT url FROM link WHERE company_id = ? AND link_id = ?;

-- name: ORIGIN_PUT
-- in: company_id, origin_id, kind, name, state
-- out: nothing
-- rows: 0
INSERT INTO origin (company_id, origin_id, kind, name, state) VALUES {(?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE name = VALUES(name), state = VALUES(state);

-- name: ORIGIN_OF
-- in: company_id, origin_ids...
-- out: origin_id, kind, name, state
-- rows: n <= 1024
SELECT origin_id, kind, name, state FROM origin WHERE company_id = ? AND origin_id IN ({?});

-- name: MESSAGE_QUEUED
-- in: company_id, origin_id, then for each: person_id, occurrence
-- out: person_id, occurrence
-- rows: n <= 512
SELECT person_id, occurrence FROM message WHERE company_id = ? AND origin_id = ? AND ({OR (person_id = ? AND occurrence = ?)});

-- name: MESSAGE_ONCE
-- in: company_id, origin_id, person_id, occurrence
-- out: message_id
-- rows: 0..1
SELECT message_id FROM message WHERE company_id = ? AND origin_id = ? AND person_id = ? AND occurrence = ?;

-- name: MESSAGE_INSERT
-- in: as MESSAGE_LOCK gives
-- out: nothing
-- rows: 0
INSERT INTO message (company_id, message_id, origin_id, occurrence, person_id, channel, transactional, template_id, vars,
  address, subject, state, reason, attempts, crashes, lane, due_at_us, fence, queued_at_us, sent_at_us)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)};

-- name: MESSAGE_SAVE
-- in: as MESSAGE_LOCK gives; the row is there and locked
-- out: nothing
-- rows: 0
INSERT INTO message (company_id, message_id, origin_id, occurrence, person_id, channel, transactional, template_id, vars,
  address, subject, state, reason, attempts, crashes, lane, due_at_us, fence, queued_at_us, sent_at_us)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE address = VALUES(address), subject = VALUES(subject), state = VALUES(state), reason = VALUES(reason),
  attempts = VALUES(attempts), crashes = VALUES(crashes), lane = VALUES(lane), due_at_us = VALUES(due_at_us),
  fence = VALUES(fence), sent_at_us = VALUES(sent_at_us);

-- name: MESSAGE_LOCK
-- in: company_id, message_ids...
-- out: company_id, message_id, origin_id, occurrence, person_id, channel, transactional, template_id, vars (JSON or NULL), address,
--   subject, state, reason, attempts, crashes, lane, due_at_us, fence, queued_at_us, sent_at_us (NULL never)
-- rows: n <= 1024
SELECT company_id, message_id, origin_id, occurrence, person_id, channel, transactional, template_id, vars, address, subject,
  state, reason, attempts, crashes, lane, due_at_us, fence, queued_at_us, sent_at_us
FROM message WHERE company_id = ? AND message_id IN ({?}) ORDER BY message_id FOR UPDATE;

-- name: MESSAGE_BY_IDS
-- in: company_id, message_ids...
-- out: as MESSAGE_LOCK
-- rows: n <= 1024
SELECT company_id, message_id, origin_id, occurrence, person_id, channel, transactional, template_id, vars, address, subject,
  state, reason, attempts, crashes, lane, due_at_us, fence, queued_at_us, sent_at_us
FROM message WHERE company_id = ? AND message_id IN ({?});

-- name: MESSAGE_OF_PERSON
-- in: company_id, person_id, before message_id, limit
-- out: as MESSAGE_LOCK
-- rows: n <= limit
SELECT company_id, message_id, origin_id, occurrence, person_id, channel, transactional, template_id, vars, address, subject,
  state, reason, attempts, crashes, lane, due_at_us, fence, queued_at_us, sent_at_us
FROM message WHERE company_id = ? AND person_id = ? AND message_id < ? ORDER BY message_id DESC LIMIT ?;

-- name: MESSAGE_OF_ORIGIN
-- in: company_id, origin_id, after person_id, limit
-- out: as MESSAGE_LOCK
-- rows: n <= limit
SELECT company_id, message_id, origin_id, occurrence, person_id, channel, transactional, template_id, vars, address, subject,
  state, reason, attempts, crashes, lane, due_at_us, fence, queued_at_us, sent_at_us
FROM message WHERE company_id = ? AND origin_id = ? AND person_id > ? ORDER BY person_id LIMIT ?;

-- name: FIGURE_ADD
-- in: company_id, object_id, name, how much
-- out: nothing
-- rows: 0
INSERT INTO figure (company_id, object_id, name, value) VALUES {(?, ?, ?, ?)} ON DUPLICATE KEY UPDATE value = value + VALUES(value);

-- name: FIGURE_OF
-- in: company_id, object_ids...
-- out: object_id, name, value
-- rows: n
SELECT object_id, name, value FROM figure WHERE company_id = ? AND object_id IN ({?}) ORDER BY object_id, name;

-- name: MESSAGE_DUE
-- in: lane, now, limit
-- out: as MESSAGE_LOCK
-- rows: n <= limit
-- platform: any company's next messages, whoever has waited longest
SELECT company_id, message_id, origin_id, occurrence, person_id, channel, transactional, template_id, vars, address, subject,
  state, reason, attempts, crashes, lane, due_at_us, fence, queued_at_us, sent_at_us
FROM message WHERE lane = ? AND due_at_us <= ? ORDER BY due_at_us LIMIT ? FOR UPDATE SKIP LOCKED;

-- name: MESSAGE_EXPIRED
-- in: lane of sending, now
-- out: as MESSAGE_LOCK
-- rows: n <= 200
-- platform: messages whose senders are gone, of any company
SELECT company_id, message_id, origin_id, occurrence, person_id, channel, transactional, template_id, vars, address, subject,
  state, reason, attempts, crashes, lane, due_at_us, fence, queued_at_us, sent_at_us
FROM message WHERE lane = ? AND due_at_us < ? ORDER BY due_at_us LIMIT 200;

-- name: RECEIPT_OF
-- in: company_id, message_ids...
-- out: message_id, kind
-- rows: n <= 3072
SELECT message_id, kind FROM receipt WHERE company_id = ? AND message_id IN ({?});

-- name: RECEIPT_INSERT
-- in: company_id, message_id, kind, at_us, link_id
-- out: nothing
-- rows: 0
INSERT INTO receipt (company_id, message_id, kind, at_us, link_id) VALUES {(?, ?, ?, ?, ?)};

-- name: LINK_OF
-- in: company_id, link_ids...
-- out: link_id, url
-- rows: n <= 1024
SELECT link_id, url FROM link WHERE company_id = ? AND link_id IN ({?});

-- name: TEMPLATE_NAMES
-- in: company_id, template_ids...
-- out: template_id, name
-- rows: n <= 1024
SELECT template_id, name FROM template WHERE company_id = ? AND template_id IN ({?});

-- name: MESSAGE_ERASE
-- in: company_id, person_ids...
-- out: nothing
-- rows: n
UPDATE message SET address = '', subject = '', vars = NULL WHERE company_id = ? AND person_id IN ({?});

-- name: LETTER_KEEP
-- in: company_id, message_id, html (packed)
-- out: nothing
-- rows: 0
INSERT INTO letter (company_id, message_id, html) VALUES {(?, ?, ?)} ON DUPLICATE KEY UPDATE html = VALUES(html);

-- name: LETTER_BY_ID
-- in: company_id, message_id
-- out: html (packed)
-- rows: 0..1
SELECT html FROM letter WHERE company_id = ? AND message_id = ?;

-- name: LETTER_WHICH
-- in: company_id, message_ids...
-- out: message_id
-- rows: n <= 1024
SELECT message_id FROM letter WHERE company_id = ? AND message_id IN ({?});

-- name: LETTER_ERASE
-- in: company_id, person_ids...
-- out: nothing
-- rows: n
DELETE l FROM letter l JOIN message m ON m.company_id = l.company_id AND m.message_id = l.message_id
WHERE m.company_id = ? AND m.person_id IN ({?});

-- name: LETTER_PRUNE
-- in: company_id, message_id (those made before it)
-- out: nothing
-- rows: n <= 5000
DELETE FROM letter WHERE company_id = ? AND message_id < ? ORDER BY message_id LIMIT 5000;
