-- If this then that, per person: scripts, versions, runs.

-- name: SCENARIO_ALL
-- in: company_id
-- out: scenario_id, name, script, state, version, created_at_us, updated_at_us, whether the draft differs from the version
-- rows: n <= 1000
SELECT s.scenario_id, s.name, s.script, s.state, s.version, s.created_at_us, s.updated_at_us,
  COALESCE(v.script <> s.script, 1) FROM scenario s
LEFT JOIN scenario_version v ON v.company_id = s.company_id AND v.scenario_id = s.scenario_id AND v.version = s.version
WHERE s.company_id = ? ORDER BY s.updated_at_us DESC LIMIT 1000;

-- name: SCENARIO_BY_ID
-- in: company_id, scenario_id
-- out: as SCENARIO_ALL
-- rows: 0..1
SELECT s.scenario_id, s.name, s.script, s.state, s.version, s.created_at_us, s.updated_at_us,
  COALESCE(v.script <> s.script, 1) FROM scenario s
LEFT JOIN scenario_version v ON v.company_id = s.company_id AND v.scenario_id = s.scenario_id AND v.version = s.version
WHERE s.company_id = ? AND s.scenario_id = ?;

-- name: SCENARIO_LOCK
-- in: company_id, scenario_id
-- out: name, script, state, version
-- rows: 0..1
SELECT name, script, state, version FROM scenario WHERE company_id = ? AND scenario_id = ? FOR UPDATE;

-- name: SCENARIO_BY_NAME
-- in: company_id, name
-- out: scenario_id
-- rows: 0..1
SELECT scenario_id FROM scenario WHERE company_id = ? AND name = ?;

-- name: SCENARIO_INSERT
-- in: company_id, scenario_id, name, script, created_at_us, updated_at_us
-- out: nothing
-- rows: 0
INSERT INTO scenario (company_id, scenario_id, name, script, state, version, created_at_us, updated_at_us)
VALUES (?, ?, ?, ?, 'draft', 0, ?, ?);

-- name: SCENARIO_UPDATE
-- in: name, script, updated_at_us, company_id, scenario_id
-- out: nothing
-- rows: 0..1
UPDATE scenario SET name = ?, script = ?, updated_at_us = ? WHERE company_id = ? AND scenario_id = ?;

-- name: SCENARIO_MOVE
-- in: state, version, updated_at_us, company_id, scenario_id
-- out: nothing
-- rows: 0..1
UPDATE scenario SET state = ?, version = ?, updated_at_us = ? WHERE company_id = ? AND scenario_id = ?;

-- name: SCENARIO_VERSION_INSERT
-- in: company_id, scenario_id, version, script, program (JSON), published_at_us
-- out: nothing
-- rows: 0
INSERT INTO scenario_version (company_id, scenario_id, version, script, program, published_at_us) VALUES (?, ?, ?, ?, ?, ?);

-- name: SCENARIO_PROGRAM
-- in: company_id, scenario_id, version
-- out: program (JSON)
-- rows: 0..1
SELECT program FROM scenario_version WHERE company_id = ? AND scenario_id = ? AND version = ?;

-- name: SCENARIO_PUBLISHED
-- in: company_id
-- out: scenario_id, version, state (running or paused)
-- rows: n <= 1000
SELECT scenario_id, version, state FROM scenario WHERE company_id = ? AND state <> 'draft' LIMIT 1000;

-- name: RUN_VERSIONS
-- in: company_id
-- out: scenario_id, version
-- rows: n
SELECT DISTINCT scenario_id, version FROM scenario_run WHERE company_id = ? AND state IN ('active', 'paused');

-- name: RUN_HOLD
-- in: new state, company_id, scenario_id, old state
-- out: nothing
-- rows: n
UPDATE scenario_run SET state = ? WHERE company_id = ? AND scenario_id = ? AND state = ?;

-- name: RUN_OF_PERSONS
-- in: company_id, person_ids...
-- out: run_id, scenario_id, version, person_id, entry_seq, step, step_at_us, waits, state, reason, wake_at_us, started_at_us, ended_at_us
-- rows: n
SELECT run_id, scenario_id, version, person_id, entry_seq, step, step_at_us, waits, state, reason, wake_at_us, started_at_us,
  ended_at_us FROM scenario_run WHERE company_id = ? AND person_id IN ({?}) ORDER BY run_id FOR UPDATE;

-- name: RUN_DUE
-- in: company_id, now, limit
-- out: as RUN_OF_PERSONS
-- rows: n <= limit
SELECT run_id, scenario_id, version, person_id, entry_seq, step, step_at_us, waits, state, reason, wake_at_us, started_at_us,
  ended_at_us FROM scenario_run WHERE company_id = ? AND state = 'active' AND wake_at_us <= ?
ORDER BY wake_at_us LIMIT ? FOR UPDATE SKIP LOCKED;

-- name: RUN_NEXT
-- in: company_id
-- out: wake_at_us
-- rows: 0..1
SELECT wake_at_us FROM scenario_run WHERE company_id = ? AND state = 'active' ORDER BY wake_at_us LIMIT 1;

-- name: RUN_PUT
-- in: company_id, then as RUN_OF_PERSONS gives, then what is untold besides what was
-- out: nothing
-- rows: 0
INSERT INTO scenario_run (company_id, run_id, scenario_id, version, person_id, entry_seq, step, step_at_us, waits, state, reason,
  wake_at_us, started_at_us, ended_at_us, untold) VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE person_id = VALUES(person_id), step = VALUES(step), step_at_us = VALUES(step_at_us), waits = VALUES(waits),
  state = VALUES(state), reason = VALUES(reason), wake_at_us = VALUES(wake_at_us), ended_at_us = VALUES(ended_at_us),
  untold = untold | VALUES(untold);

-- name: RUN_UNTOLD
-- in: company_id, limit
-- out: run_id, scenario_id, the scenario's name, version, person_id, state, reason, started_at_us, ended_at_us, untold
-- rows: n <= limit
SELECT r.run_id, r.scenario_id, COALESCE(s.name, ''), r.version, r.person_id, r.state, r.reason, r.started_at_us, r.ended_at_us,
  r.untold FROM scenario_run r LEFT JOIN scenario s ON s.company_id = r.company_id AND s.scenario_id = r.scenario_id
WHERE r.company_id = ? AND r.untold > 0 ORDER BY r.untold, r.run_id LIMIT ?;

-- name: RUN_TOLD
-- in: company_id, run_ids...
-- out: nothing
-- rows: n
UPDATE scenario_run SET untold = 0 WHERE company_id = ? AND run_id IN ({?});

-- name: RUN_OF_PERSON
-- in: company_id, person_id
-- out: scenario_id, the scenario's name, state, step, reason, started_at_us, wake_at_us, ended_at_us (NULL not yet)
-- rows: n <= 200
SELECT r.scenario_id, s.name, r.state, r.step, r.reason, r.started_at_us, r.wake_at_us, r.ended_at_us FROM scenario_run r
JOIN scenario s ON s.company_id = r.company_id AND s.scenario_id = r.scenario_id
WHERE r.company_id = ? AND r.person_id = ? ORDER BY r.run_id DESC LIMIT 200;

-- name: SCENARIO_RUN_ERASE
-- in: company_id, person_ids...
-- out: nothing
-- rows: n
DELETE FROM scenario_run WHERE company_id = ? AND person_id IN ({?});
