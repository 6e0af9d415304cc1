-- What they did: event types, events in commit order, histories, the feed, journals' positions, what was refused.

-- name: EVENT_TYPE_ALL
-- in: company_id
-- out: type_id, name
-- rows: n <= 10000
SELECT type_id, name FROM event_type WHERE company_id = ? ORDER BY type_id LIMIT 10000;

-- name: EVENT_TYPE_NEXT
-- in: company_id
-- out: the next free type_id
-- rows: 1
SELECT COALESCE(MAX(type_id), 0) + 1 FROM event_type WHERE company_id = ?;

-- name: EVENT_TYPE_INSERT
-- in: company_id, type_id, name, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO event_type (company_id, type_id, name, created_at_us) VALUES (?, ?, ?, ?);

-- name: EVENT_REPEATED
-- in: JSON list of [node_id, time_key, dedup], company_id
-- out: node_id, time_key, dedup
-- rows: n <= of the list
SELECT e.node_id, e.time_key, e.dedup
FROM JSON_TABLE(?, '$[*]' COLUMNS (node BIGINT PATH '$[0]', at BIGINT PATH '$[1]', hash BIGINT PATH '$[2]')) k
STRAIGHT_JOIN event e ON e.company_id = ? AND e.node_id = k.node AND e.time_key = k.at AND e.dedup = k.hash;

-- name: EVENT_REPEATED_RECENTLY
-- in: company_id, time_key from, time_key to, node_ids..., as many dedups...
-- out: node_id, dedup
-- rows: n <= 1024 (more where a hash is found at several nodes)
SELECT node_id, dedup FROM event WHERE company_id = ? AND time_key BETWEEN ? AND ? AND node_id IN ({?}) AND dedup IN ({?});

-- name: FEED_LOCK
-- in: company_id
-- out: last_seq
-- rows: 0..1
SELECT last_seq FROM feed WHERE company_id = ? FOR UPDATE;

-- name: FEED_ADVANCE
-- in: last_seq, company_id
-- out: nothing
-- rows: 1
UPDATE feed SET last_seq = ? WHERE company_id = ?;

-- name: FEED_LAST
-- in: company_id
-- out: last_seq
-- rows: 0..1
SELECT last_seq FROM feed WHERE company_id = ?;

-- name: FEED_LAST_ALL
-- in: nothing
-- out: company_id, last_seq
-- rows: n <= 10000
-- platform: the engine looks which companies have news
SELECT company_id, last_seq FROM feed ORDER BY company_id LIMIT 10000;

-- name: FEED_READ
-- in: company_id, after seq, limit
-- out: seq, node_id, person_id, type_id, at_us, received_at_us, source_id, flags, props (JSON)
-- rows: n <= limit
SELECT seq, node_id, person_id, type_id, at_us, received_at_us, source_id, flags, props FROM event
WHERE company_id = ? AND seq > ? ORDER BY seq LIMIT ?;

-- name: EVENT_INSERT
-- in: company_id, seq, node_id, person_id, type_id, at_us, received_at_us, time_key, dedup, source_id, flags, props
-- out: nothing
-- rows: 0
INSERT INTO event (company_id, seq, node_id, person_id, type_id, at_us, received_at_us, time_key, dedup, source_id, flags, props)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)};

-- name: EVENT_HISTORY_OF
-- in: company_id, node_id, time_key (inclusive), time_key (exclusive), dedup (exclusive at that time_key), from time_key, type_ids..., limit
-- out: as EVENT_HISTORY
-- rows: n <= limit
SELECT seq, type_id, at_us, received_at_us, source_id, props, time_key, dedup FROM event
WHERE company_id = ? AND node_id = ? AND time_key <= ? AND (time_key < ? OR dedup < ?) AND time_key >= ? AND type_id IN ({?})
ORDER BY time_key DESC, dedup DESC LIMIT ?;

-- name: EVENT_HISTORY
-- in: company_id, node_id, time_key (inclusive), time_key (exclusive), dedup (exclusive at that time_key), limit
-- out: seq, type_id, at_us, received_at_us, source_id, props, time_key, dedup
-- rows: n <= limit
SELECT seq, type_id, at_us, received_at_us, source_id, props, time_key, dedup FROM event
WHERE company_id = ? AND node_id = ? AND time_key <= ? AND (time_key < ? OR dedup < ?) ORDER BY time_key DESC, dedup DESC LIMIT ?;

-- name: EVENT_RECENT
-- in: company_id, limit
-- out: seq, type_id, at_us, received_at_us, source_id, props, person_id
-- rows: n <= limit
SELECT seq, type_id, at_us, received_at_us, source_id, props, person_id FROM event WHERE company_id = ? ORDER BY seq DESC LIMIT ?;

-- name: EVENT_PAGE
-- in: company_id, seq (older ones), limit
-- out: as EVENT_RECENT
-- rows: n <= limit
SELECT seq, type_id, at_us, received_at_us, source_id, props, person_id FROM event
WHERE company_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?;

-- name: JOURNAL_POSITION_ALL
-- in: nothing
-- out: journal, position
-- rows: n <= 100000
-- platform: a journal carries all companies' records
SELECT journal, position FROM journal_position LIMIT 100000;

-- name: JOURNAL_POSITION_LOCK
-- in: journal
-- out: position
-- rows: 0..1
-- platform: a journal carries all companies' records
SELECT position FROM journal_position WHERE journal = ? FOR UPDATE;

-- name: JOURNAL_POSITION_PUT
-- in: journal, position, at_us
-- out: nothing
-- rows: 0
-- platform: a journal carries all companies' records
INSERT INTO journal_position (journal, position, at_us) VALUES (?, ?, ?)
ON DUPLICATE KEY UPDATE position = VALUES(position), at_us = VALUES(at_us);

-- name: JOURNAL_POSITION_DELETE
-- in: journal
-- out: nothing
-- rows: 0..1
-- platform: a journal carries all companies' records
DELETE FROM journal_position WHERE journal = ?;

-- name: LEASE_MAKE
-- in: company_id
-- out: nothing
-- rows: 0
INSERT INTO lease (company_id, holder, fence, until_us, seq, clock_us) VALUES {(?, '', 0, 0, 0, 0)}
ON DUPLICATE KEY UPDATE seq = seq;

-- name: LEASE_TAKE
-- in: holder, until_us, company_id, holder, now_us
-- out: nothing
-- rows: 0..1
UPDATE lease SET holder = ?, fence = fence + 1, until_us = ? WHERE company_id = ? AND (holder = ? OR until_us < ?);

-- name: LEASE_READ
-- in: company_id
-- out: holder, fence, seq, clock_us
-- rows: 0..1
SELECT holder, fence, seq, clock_us FROM lease WHERE company_id = ?;

-- name: LEASE_MOVE
-- in: seq, clock_us, until_us, company_id, holder, fence
-- out: nothing
-- rows: 0..1
UPDATE lease SET seq = ?, clock_us = ?, until_us = ? WHERE company_id = ? AND holder = ? AND fence = ?;

-- name: JOURNAL_POSITION_PRUNE
-- in: at_us (those that did not move since)
-- out: nothing
-- rows: n <= 5000
-- platform: a journal carries all companies' records
DELETE FROM journal_position WHERE at_us < ? LIMIT 5000;

-- name: DEAD_INSERT
-- in: company_id, letter_id, source_id, state, tries, first_at_us, last_at_us, code, reason, payload
-- out: nothing
-- rows: 0
INSERT INTO dead_letter (company_id, letter_id, source_id, state, tries, first_at_us, last_at_us, code, reason, payload)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)};

-- name: DEAD_LAST
-- in: company_id, limit
-- out: letter_id, source_id, last_at_us, code, reason, payload (of those set aside, a record), state
-- rows: n <= limit
SELECT letter_id, source_id, last_at_us, code, reason, LEFT(payload, 4000), state FROM dead_letter
WHERE company_id = ? ORDER BY letter_id DESC LIMIT ?;

-- name: DEAD_OF_SOURCE
-- in: company_id, source_id, limit
-- out: as DEAD_LAST
-- rows: n <= limit
SELECT letter_id, source_id, last_at_us, code, reason, LEFT(payload, 4000), state FROM dead_letter
WHERE company_id = ? AND source_id = ? ORDER BY letter_id DESC LIMIT ?;

-- name: DEAD_LIST
-- in: company_id, state, source_id or 0, the same again, letter_id (older ones), limit
-- out: letter_id, source_id, state, tries, first_at_us, last_at_us, code, reason
-- rows: n <= limit
SELECT letter_id, source_id, state, tries, first_at_us, last_at_us, code, reason FROM dead_letter
WHERE company_id = ? AND state = ? AND (? = 0 OR source_id = ?) AND letter_id < ? ORDER BY letter_id DESC LIMIT ?;

-- name: DEAD_BY_ID
-- in: company_id, letter_id
-- out: letter_id, source_id, state, tries, first_at_us, last_at_us, code, reason, payload
-- rows: 0..1
SELECT letter_id, source_id, state, tries, first_at_us, last_at_us, code, reason, payload FROM dead_letter
WHERE company_id = ? AND letter_id = ?;

-- name: DEAD_COUNT
-- in: company_id, state, limit
-- out: how many, at most limit
-- rows: 1
SELECT COUNT(*) FROM (SELECT letter_id FROM dead_letter WHERE company_id = ? AND state = ? LIMIT ?) some;

-- name: DEAD_COUNTS_ALL
-- in: nothing
-- out: company_id, state, number, oldest first_at_us
-- rows: n <= 10000
-- platform: an operator looks after all companies
SELECT company_id, state, COUNT(*), MIN(first_at_us) FROM dead_letter GROUP BY company_id, state ORDER BY company_id, state LIMIT 10000;

-- name: DEAD_MOVE
-- in: state to, last_at_us, company_id, letter_id, state from
-- out: nothing
-- rows: 0..1
UPDATE dead_letter SET state = ?, last_at_us = ? WHERE company_id = ? AND letter_id = ? AND state = ?;

-- name: DEAD_MOVE_ALL
-- in: state to, last_at_us, company_id, state from, source_id or 0, the same again
-- out: nothing
-- rows: n <= 5000
UPDATE dead_letter SET state = ?, last_at_us = ? WHERE company_id = ? AND state = ? AND (? = 0 OR source_id = ?) ORDER BY letter_id LIMIT 5000;

-- name: DEAD_FAILED
-- in: last_at_us, reason, company_id, letter_id
-- out: nothing
-- rows: 0..1
UPDATE dead_letter SET state = IF(code = 'plan', 'held', 'waiting'), tries = tries + 1, last_at_us = ?, reason = ? WHERE company_id = ? AND letter_id = ? AND state = 'queued';

-- name: DEAD_QUEUED
-- in: limit
-- out: company_id, letter_id, payload
-- rows: n <= limit
-- platform: the engine applies what any company asked for
SELECT company_id, letter_id, payload FROM dead_letter WHERE state = 'queued' ORDER BY company_id, letter_id LIMIT ?;

-- name: DEAD_PRUNE
-- in: company_id, letter_id (those made before it), letter_id (those that wait, made before it)
-- out: nothing
-- rows: n <= 5000
DELETE FROM dead_letter WHERE company_id = ? AND letter_id < ? AND (state NOT IN ('waiting', 'queued', 'held') OR letter_id < ?)
ORDER BY letter_id LIMIT 5000;

-- name: EVENT_SEEN_OF_NODES
-- in: company_id, node_ids...
-- out: first and last at_us of events by which somebody was seen (NULL none)
-- rows: 1
SELECT MIN(at_us), MAX(at_us) FROM event WHERE company_id = ? AND node_id IN ({?}) AND flags & 8 <> 0;

-- name: EVENT_NOT_AT
-- in: company_id, time_key, node_ids...
-- out: node_id of those that have an event at another time
-- rows: n <= 1024
SELECT DISTINCT node_id FROM event WHERE company_id = ? AND time_key <> ? AND node_id IN ({?});

-- name: EVENT_DELETE_OF_NODE
-- in: company_id, node_id
-- out: nothing
-- rows: n
DELETE FROM event WHERE company_id = ? AND node_id = ?;

-- name: EVENT_ERASE
-- in: company_id, node_id, EVENT_GONE, limit
-- out: nothing
-- rows: n <= limit
DELETE FROM event WHERE company_id = ? AND node_id = ? AND flags & ? = 0 LIMIT ?;

-- name: DEAD_ERASE
-- in: company_id, a pattern of a part of the payload
-- out: nothing
-- rows: n
DELETE FROM dead_letter WHERE company_id = ? AND payload REGEXP ?;

-- name: SOURCE_COUNT_ADD
-- in: company_id, source_id, hour, accepted, bots, excluded, refused, quarantined
-- out: nothing
-- rows: 0
INSERT INTO source_count (company_id, source_id, hour, accepted, bots, excluded, refused, quarantined) VALUES {(?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE accepted = accepted + VALUES(accepted), bots = bots + VALUES(bots), excluded = excluded + VALUES(excluded),
  refused = refused + VALUES(refused), quarantined = quarantined + VALUES(quarantined);

-- name: SOURCE_COUNT_OF
-- in: company_id, source_id, hour (inclusive)
-- out: hour, accepted, bots, excluded, refused, quarantined
-- rows: n <= 2000
SELECT hour, accepted, bots, excluded, refused, quarantined FROM source_count
WHERE company_id = ? AND source_id = ? AND hour >= ? ORDER BY hour LIMIT 2000;

-- name: SOURCE_COUNT_ALL
-- in: company_id, hour (inclusive)
-- out: source_id, accepted, refused, quarantined
-- rows: n <= 1000
SELECT source_id, CAST(SUM(accepted) AS SIGNED), CAST(SUM(refused) AS SIGNED), CAST(SUM(quarantined) AS SIGNED) FROM source_count
WHERE company_id = ? AND hour >= ? GROUP BY source_id ORDER BY source_id LIMIT 1000;

-- name: BOUND_COUNT_ADD
-- in: company_id, binding_id, hour, fired, seen
-- out: nothing
-- rows: 0
INSERT INTO binding_count (company_id, binding_id, hour, fired, seen) VALUES {(?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE fired = fired + VALUES(fired), seen = seen + VALUES(seen);

-- name: BOUND_COUNT_OF
-- in: hour now, hour a day ago (both exclusive), hour a day ago, company_id, source_id
-- out: binding_id, fired in the last hour, fired and seen in the last day, fired ever, last hour in which it fired
-- rows: n <= 200
SELECT c.binding_id, CAST(SUM(IF(c.hour > ?, c.fired, 0)) AS SIGNED), CAST(SUM(IF(c.hour > ?, c.fired, 0)) AS SIGNED),
  CAST(SUM(IF(c.hour > ?, c.seen, 0)) AS SIGNED), CAST(SUM(c.fired) AS SIGNED), MAX(IF(c.fired > 0, c.hour, 0))
FROM binding_count c JOIN binding b ON b.company_id = c.company_id AND b.binding_id = c.binding_id
WHERE c.company_id = ? AND b.source_id = ? GROUP BY c.binding_id LIMIT 200;

-- name: COUNT_SOURCES
-- in: company_id
-- out: source_id
-- rows: n
SELECT DISTINCT source_id FROM source_count WHERE company_id = ?;

-- name: COUNT_BINDINGS
-- in: company_id
-- out: binding_id
-- rows: n
SELECT DISTINCT binding_id FROM binding_count WHERE company_id = ?;

-- name: SOURCE_COUNT_PRUNE
-- in: company_id, source_id, hour (older ones go)
-- out: nothing
-- rows: n
DELETE FROM source_count WHERE company_id = ? AND source_id = ? AND hour < ?;

-- name: BOUND_COUNT_PRUNE
-- in: company_id, binding_id, hour (older ones go)
-- out: nothing
-- rows: n
DELETE FROM binding_count WHERE company_id = ? AND binding_id = ? AND hour < ?;

-- name: DEAD_HELD
-- in: company_id, source_id, at most so many letters
-- out: reason, number, newest last_at_us
-- rows: n <= 50
SELECT reason, COUNT(*) number, MAX(last_at_us) FROM (SELECT reason, last_at_us FROM dead_letter
  WHERE company_id = ? AND source_id = ? AND state = 'held' ORDER BY letter_id DESC LIMIT ?) some
GROUP BY reason ORDER BY number DESC, reason LIMIT 50;
