-- Who: identifiers, nodes, values, persons, consent, suppression, fields.

-- name: IDENT_BY_VALUES
-- in: company_id, kind, values...
-- out: value, node_id
-- rows: n <= 1024
SELECT value, node_id FROM ident WHERE company_id = ? AND kind = ? AND value IN ({?});

-- name: IDENT_INSERT
-- in: company_id, kind, value, node_id, source_id, at_us
-- out: nothing
-- rows: 0
INSERT INTO ident (company_id, kind, value, node_id, source_id, at_us) VALUES {(?, ?, ?, ?, ?, ?)};

-- name: IDENT_OF_NODES
-- in: company_id, node_ids...
-- out: kind, value, node_id
-- rows: n <= 10000
SELECT kind, value, node_id FROM ident WHERE company_id = ? AND node_id IN ({?}) ORDER BY kind, value LIMIT 10000;

-- name: NODE_LOCK
-- in: company_id, node_ids...
-- out: node_id, root_id, parent_id (NULL), joined_at_us (NULL), created_at_us
-- rows: n <= 1024
SELECT node_id, root_id, parent_id, joined_at_us, created_at_us FROM node
WHERE company_id = ? AND node_id IN ({?}) ORDER BY node_id FOR UPDATE;

-- name: NODE_ROOT
-- in: company_id, node_id
-- out: root_id
-- rows: 0..1
SELECT root_id FROM node WHERE company_id = ? AND node_id = ?;

-- name: NODE_BY_ROOTS
-- in: company_id, root_ids...
-- out: as NODE_LOCK
-- rows: n
SELECT node_id, root_id, parent_id, joined_at_us, created_at_us FROM node WHERE company_id = ? AND root_id IN ({?}) ORDER BY node_id;

-- name: NODE_PUT
-- in: company_id, node_id, parent_id (NULL for a root), root_id, created_at_us, joined_at_us (NULL for a root)
-- out: nothing
-- rows: 0
INSERT INTO node (company_id, node_id, parent_id, root_id, created_at_us, joined_at_us) VALUES {(?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE parent_id = VALUES(parent_id), root_id = VALUES(root_id), joined_at_us = VALUES(joined_at_us);

-- name: MERGE_INSERT
-- in: company_id, merge_id, from_id, into_id, at_us, reason, user_id, persons (JSON)
-- out: nothing
-- rows: 0
INSERT INTO merge (company_id, merge_id, from_id, into_id, at_us, reason, user_id, persons) VALUES {(?, ?, ?, ?, ?, ?, ?, ?)};

-- name: MERGE_LOCK
-- in: company_id, merge_id
-- out: from_id, into_id, persons (JSON or NULL), undone_at_us (NULL)
-- rows: 0..1
SELECT from_id, into_id, persons, undone_at_us FROM merge WHERE company_id = ? AND merge_id = ? FOR UPDATE;

-- name: MERGE_UNDONE
-- in: undone_at_us, company_id, merge_id
-- out: nothing
-- rows: 0..1
UPDATE merge SET undone_at_us = ? WHERE company_id = ? AND merge_id = ?;

-- name: MERGE_OF_NODES
-- in: company_id, node_ids... (those that went), limit
-- out: merge_id, from_id, into_id, at_us, reason, user_id, undone_at_us (NULL)
-- rows: n <= limit
SELECT merge_id, from_id, into_id, at_us, reason, user_id, undone_at_us FROM merge
WHERE company_id = ? AND from_id IN ({?}) ORDER BY merge_id DESC LIMIT ?;

-- name: PERSON_THERE
-- in: company_id, person_ids...
-- out: person_id
-- rows: n <= 1024
SELECT person_id FROM person WHERE company_id = ? AND person_id IN ({?});

-- name: IDENT_COUNT_OF_NODES
-- in: company_id, node_ids...
-- out: node_id, kind, how many
-- rows: n
SELECT node_id, kind, COUNT(*) FROM ident WHERE company_id = ? AND node_id IN ({?}) GROUP BY node_id, kind;

-- name: IDENT_DELETE
-- in: company_id, kind, value, node_id
-- out: nothing
-- rows: 0..1
DELETE FROM ident WHERE company_id = ? AND kind = ? AND value = ? AND node_id = ?;

-- name: IDENT_DELETE_OF_NODES
-- in: company_id, node_ids...
-- out: nothing
-- rows: n
DELETE FROM ident WHERE company_id = ? AND node_id IN ({?});

-- name: VALUE_DELETE
-- in: company_id, node_id, field
-- out: nothing
-- rows: 0..1
DELETE FROM node_value WHERE company_id = ? AND node_id = ? AND field = ?;

-- name: VALUE_DELETE_OF_NODES
-- in: company_id, node_ids...
-- out: nothing
-- rows: n
DELETE FROM node_value WHERE company_id = ? AND node_id IN ({?});

-- name: CONSENT_DELETE
-- in: company_id, node_id, channel
-- out: nothing
-- rows: 0..1
DELETE FROM consent WHERE company_id = ? AND node_id = ? AND channel = ?;

-- name: CONSENT_DELETE_OF_NODES
-- in: company_id, node_ids...
-- out: nothing
-- rows: n
DELETE FROM consent WHERE company_id = ? AND node_id IN ({?});

-- name: ERASED_ANY
-- in: company_id
-- out: 1
-- rows: 0..1
SELECT 1 FROM erased WHERE company_id = ? LIMIT 1;

-- name: ERASED_OF
-- in: company_id, hashes...
-- out: hash, at_us
-- rows: n <= 1024
SELECT hash, at_us FROM erased WHERE company_id = ? AND hash IN ({?});

-- name: ERASED_PUT
-- in: company_id, hash, at_us
-- out: nothing
-- rows: 0
INSERT INTO erased (company_id, hash, at_us) VALUES {(?, ?, ?)} ON DUPLICATE KEY UPDATE at_us = VALUES(at_us);

-- name: BEFORE_PUT
-- in: company_id, batch_id, node_id, what, name, body (JSON)
-- out: nothing
-- rows: 0
INSERT INTO batch_before (company_id, batch_id, node_id, what, name, body) VALUES {(?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE body = body;

-- name: BEFORE_NODES
-- in: company_id, batch_id, node_id (exclusive), limit
-- out: node_id
-- rows: n <= limit
SELECT DISTINCT node_id FROM batch_before WHERE company_id = ? AND batch_id = ? AND node_id > ? ORDER BY node_id LIMIT ?;

-- name: BEFORE_READ
-- in: company_id, batch_id, node_id from, node_id to (both inclusive)
-- out: node_id, what, name, body (JSON)
-- rows: n
SELECT node_id, what, name, body FROM batch_before WHERE company_id = ? AND batch_id = ? AND node_id BETWEEN ? AND ?
ORDER BY node_id, what, name;

-- name: BEFORE_DELETE
-- in: company_id, batch_id, node_id from, node_id to
-- out: nothing
-- rows: n
DELETE FROM batch_before WHERE company_id = ? AND batch_id = ? AND node_id BETWEEN ? AND ?;

-- name: VALUE_OF_NODES
-- in: company_id, node_ids...
-- out: node_id, field, value (JSON), at_us, source_id, user_id
-- rows: n
SELECT node_id, field, value, at_us, source_id, user_id FROM node_value WHERE company_id = ? AND node_id IN ({?});

-- name: VALUE_PUT
-- in: company_id, node_id, field, value (JSON), at_us, source_id, user_id
-- out: nothing
-- rows: 0
INSERT INTO node_value (company_id, node_id, field, value, at_us, source_id, user_id) VALUES {(?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE value = VALUES(value), at_us = VALUES(at_us), source_id = VALUES(source_id), user_id = VALUES(user_id);

-- name: PERSON_LOCK
-- in: company_id, person_ids...
-- out: person_id, known, the fields in the order of field_defaults, custom (JSON), source_id, created_at_us, updated_at_us, first_seen_at_us, last_seen_at_us (NULL never), consents (JSON)
-- rows: n <= 1024
SELECT person_id, known, external_id, email, phone, first_name, last_name, middle_name, gender, birthday, country, region,
  city, address, language, timezone, custom, source_id, created_at_us, updated_at_us, first_seen_at_us, last_seen_at_us, consents
FROM person WHERE company_id = ? AND person_id IN ({?}) ORDER BY person_id FOR UPDATE;

-- name: PERSON_BY_IDS
-- in: company_id, person_ids...
-- out: as PERSON_LOCK
-- rows: n <= 1024
SELECT person_id, known, external_id, email, phone, first_name, last_name, middle_name, gender, birthday, country, region,
  city, address, language, timezone, custom, source_id, created_at_us, updated_at_us, first_seen_at_us, last_seen_at_us, consents
FROM person WHERE company_id = ? AND person_id IN ({?}) ORDER BY person_id;

-- name: PERSON_AFTER
-- in: company_id, person_id (exclusive), limit
-- out: as PERSON_LOCK
-- rows: n <= limit
SELECT person_id, known, external_id, email, phone, first_name, last_name, middle_name, gender, birthday, country, region,
  city, address, language, timezone, custom, source_id, created_at_us, updated_at_us, first_seen_at_us, last_seen_at_us, consents
FROM person WHERE company_id = ? AND person_id > ? ORDER BY person_id LIMIT ?;

-- name: PERSON_SEEN
-- in: JSON list of [person_id, first seen, last seen], company_id
-- out: nothing
-- rows: n <= of the list
UPDATE JSON_TABLE(?, '$[*]' COLUMNS (id BIGINT PATH '$[0]', first BIGINT PATH '$[1]', last BIGINT PATH '$[2]')) k
STRAIGHT_JOIN person p ON p.company_id = ? AND p.person_id = k.id
SET p.first_seen_at_us = LEAST(COALESCE(p.first_seen_at_us, k.first), k.first),
  p.last_seen_at_us = GREATEST(COALESCE(p.last_seen_at_us, 0), k.last);

-- name: PERSON_PUT
-- in: company_id, then as PERSON_LOCK
-- out: nothing
-- rows: 0
INSERT INTO person (company_id, person_id, known, external_id, email, phone, first_name, last_name, middle_name, gender,
  birthday, country, region, city, address, language, timezone, custom, source_id, created_at_us, updated_at_us,
  first_seen_at_us, last_seen_at_us, consents)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE known = VALUES(known), external_id = VALUES(external_id), email = VALUES(email),
  phone = VALUES(phone), first_name = VALUES(first_name), last_name = VALUES(last_name),
  middle_name = VALUES(middle_name), gender = VALUES(gender), birthday = VALUES(birthday), country = VALUES(country),
  region = VALUES(region), city = VALUES(city), address = VALUES(address), language = VALUES(language),
  timezone = VALUES(timezone), custom = VALUES(custom), source_id = VALUES(source_id),
  created_at_us = VALUES(created_at_us), updated_at_us = VALUES(updated_at_us),
  first_seen_at_us = VALUES(first_seen_at_us), last_seen_at_us = VALUES(last_seen_at_us), consents = VALUES(consents);

-- name: PERSON_DELETE
-- in: company_id, person_ids...
-- out: nothing
-- rows: n <= 1024
DELETE FROM person WHERE company_id = ? AND person_id IN ({?});

-- name: CONSENT_OF_NODES
-- in: company_id, node_ids...
-- out: node_id, channel, granted, at_us, source_id, proof
-- rows: n
SELECT node_id, channel, granted, at_us, source_id, proof FROM consent WHERE company_id = ? AND node_id IN ({?});

-- name: CONSENT_PUT
-- in: company_id, node_id, channel, granted, at_us, source_id, proof
-- out: nothing
-- rows: 0
INSERT INTO consent (company_id, node_id, channel, granted, at_us, source_id, proof) VALUES {(?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE granted = VALUES(granted), at_us = VALUES(at_us), source_id = VALUES(source_id), proof = VALUES(proof);

-- name: SUPPRESSION_PUT
-- in: company_id, channel, address, reason, at_us, message_id
-- out: nothing
-- rows: 0
INSERT INTO suppression (company_id, channel, address, reason, at_us, message_id) VALUES {(?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE reason = reason;

-- name: SUPPRESSION_OF
-- in: company_id, channel, addresses...
-- out: address, reason, at_us
-- rows: n <= 1024
SELECT address, reason, at_us FROM suppression WHERE company_id = ? AND channel = ? AND address IN ({?});

-- name: SUPPRESSION_ALL
-- in: company_id
-- out: channel, address
-- rows: n
SELECT channel, address FROM suppression WHERE company_id = ?;

-- name: FIELD_ALL
-- in: company_id
-- out: name, label, type, state, options (JSON or NULL)
-- rows: n <= 2000
SELECT name, label, type, state, options FROM field WHERE company_id = ? ORDER BY name LIMIT 2000;

-- name: FIELD_OFFER
-- in: company_id, name, label, type, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO field (company_id, name, label, type, state, created_at_us) VALUES {(?, ?, ?, ?, 'offered', ?)}
ON DUPLICATE KEY UPDATE name = VALUES(name);

-- name: FIELD_WITH_OPTIONS
-- in: company_id
-- out: name, type, options (JSON)
-- rows: n <= 2000
SELECT name, type, options FROM field WHERE company_id = ? AND options IS NOT NULL ORDER BY name LIMIT 2000;

-- name: FIELD_OPTIONS_SET
-- in: options (JSON or NULL), company_id, name
-- out: nothing
-- rows: 0
UPDATE field SET options = ? WHERE company_id = ? AND name = ?;

-- name: FIELD_PUT
-- in: company_id, name, label, type, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO field (company_id, name, label, type, state, created_at_us) VALUES (?, ?, ?, ?, 'active', ?)
ON DUPLICATE KEY UPDATE label = VALUES(label), type = VALUES(type), state = 'active';

-- name: FIELD_DROP
-- in: company_id, name
-- out: nothing
-- rows: 0..1
DELETE FROM field WHERE company_id = ? AND name = ?;

-- name: VALUE_OF_FIELD
-- in: company_id, node_id (exclusive), field, limit
-- out: node_id, value (JSON)
-- rows: n <= limit
SELECT node_id, value FROM node_value WHERE company_id = ? AND node_id > ? AND field = ? ORDER BY node_id LIMIT ?;

-- name: NODE_JOINED
-- in: company_id, node_id (exclusive), limit
-- out: node_id, root_id of nodes that are under another
-- rows: n <= limit
SELECT node_id, root_id FROM node WHERE company_id = ? AND node_id > ? AND parent_id IS NOT NULL ORDER BY node_id LIMIT ?;

-- name: UNIFY_ALL
-- in: company_id
-- out: subject, rule (JSON)
-- rows: n <= 3000
SELECT subject, rule FROM unify_rule WHERE company_id = ? ORDER BY subject LIMIT 3000;

-- name: UNIFY_PUT
-- in: company_id, subject, rule (JSON)
-- out: nothing
-- rows: 0
INSERT INTO unify_rule (company_id, subject, rule) VALUES (?, ?, ?) ON DUPLICATE KEY UPDATE rule = VALUES(rule);

-- name: BEFORE_FORGET
-- in: company_id, node_id
-- out: nothing
-- rows: n
DELETE FROM batch_before WHERE company_id = ? AND node_id = ?;

-- name: SUPPRESSION_FORGET
-- in: company_id, channel, address
-- out: nothing
-- rows: 0..1
DELETE FROM suppression WHERE company_id = ? AND channel = ? AND address = ? AND reason = 'unsubscribed';

-- name: SUPPRESSION_SEAL
-- in: address from now on, company_id, channel, address
-- out: nothing
-- rows: 0..1
UPDATE IGNORE suppression SET address = ? WHERE company_id = ? AND channel = ? AND address = ?;

-- name: CONSENTS_OF_NODES
-- in: company_id, node_ids...
-- out: node_id, consents of its person (JSON)
-- rows: n <= 1024
SELECT n.node_id, p.consents FROM node n JOIN person p ON p.company_id = n.company_id AND p.person_id = n.root_id
WHERE n.company_id = ? AND n.node_id IN ({?}) AND p.consents IS NOT NULL;

-- name: IDENT_ROOTS
-- in: company_id, kind, values...
-- out: value, root_id
-- rows: n <= 1024
SELECT i.value, n.root_id FROM ident i JOIN node n ON n.company_id = i.company_id AND n.node_id = i.node_id
WHERE i.company_id = ? AND i.kind = ? AND i.value IN ({?});

-- name: NODE_ROOTS
-- in: company_id, node_ids...
-- out: node_id, root_id
-- rows: n <= 1024
SELECT node_id, root_id FROM node WHERE company_id = ? AND node_id IN ({?});

-- name: INTEREST_ADD
-- in: company_id, node_id, topic, weight
-- out: nothing
-- rows: 0
INSERT INTO interest (company_id, node_id, topic, weight) VALUES {(?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE weight = weight + VALUES(weight);

-- name: INTEREST_OF
-- in: company_id, person_ids...
-- out: person_id, topic, weight; the heaviest of a person first
-- rows: n <= 200 a person
SELECT n.root_id, i.topic, SUM(i.weight) weight FROM node n
JOIN interest i ON i.company_id = n.company_id AND i.node_id = n.node_id
WHERE n.company_id = ? AND n.root_id IN ({?}) GROUP BY n.root_id, i.topic ORDER BY n.root_id, weight DESC, i.topic;

-- name: INTEREST_SAID
-- in: company_id, node_ids...
-- out: node_id, value (JSON)
-- rows: n <= 1024
SELECT node_id, value FROM node_value WHERE company_id = ? AND node_id IN ({?}) AND field = 'interests';

-- name: INTEREST_DELETE_OF_NODES
-- in: company_id, node_ids...
-- out: nothing
-- rows: n
DELETE FROM interest WHERE company_id = ? AND node_id IN ({?});

-- name: NOTE_INSERT
-- in: company_id, node_id, note_id, user_id, at_us, body
-- out: nothing
-- rows: 0
INSERT INTO note (company_id, node_id, note_id, user_id, at_us, body) VALUES (?, ?, ?, ?, ?, ?);

-- name: NOTE_OF_NODES
-- in: company_id, node_ids...
-- out: note_id, node_id, user_id, at_us, body
-- rows: n <= 1000
SELECT note_id, node_id, user_id, at_us, body FROM note WHERE company_id = ? AND node_id IN ({?}) ORDER BY note_id DESC LIMIT 1000;

-- name: NOTE_DELETE
-- in: company_id, node_id, note_id
-- out: nothing
-- rows: 0
DELETE FROM note WHERE company_id = ? AND node_id = ? AND note_id = ?;

-- name: NOTE_ERASE
-- in: company_id, node_ids...
-- out: nothing
-- rows: 0
DELETE FROM note WHERE company_id = ? AND node_id IN ({?});
