-- One text to one person, and what makes it: templates, campaigns, scenarios; work nobody waits for.

CREATE TABLE IF NOT EXISTS template (
  company_id BIGINT NOT NULL,
  template_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  channel VARCHAR(12) NOT NULL,
  subject VARCHAR(500) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  version BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  updated_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, template_id),
  UNIQUE KEY name (company_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS campaign (
  company_id BIGINT NOT NULL,
  campaign_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  channel VARCHAR(12) NOT NULL,
  template_id BIGINT NOT NULL,
  segment_id BIGINT NOT NULL,
  state VARCHAR(10) NOT NULL,
  error VARCHAR(500) NOT NULL,
  created_at_us BIGINT NOT NULL,
  updated_at_us BIGINT NOT NULL,
  launched_at_us BIGINT NULL,
  done_at_us BIGINT NULL,
  PRIMARY KEY (company_id, campaign_id),
  UNIQUE KEY name (company_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- what messages come from (a campaign, a scenario), as the message floor knows it; state: open, or stopped (nothing more
-- of it is sent, whatever is queued)
CREATE TABLE IF NOT EXISTS origin (
  company_id BIGINT NOT NULL,
  origin_id BIGINT NOT NULL,
  kind VARCHAR(10) NOT NULL,
  name VARCHAR(100) NOT NULL,
  state VARCHAR(10) NOT NULL,
  PRIMARY KEY (company_id, origin_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- the outbox and its history. origin_id: 0 for a single message; occurrence: which time for this person (a scenario run's
-- step): the unique key claims a message before any network call. lane: MESSAGE_LANE_* of message/message.h, 0 when it is
-- over; due_at_us: when to send, or until when the sender that has it holds it; fence: one more with each claim, an older
-- one may write nothing; crashes: how often a sender died with it in hand
CREATE TABLE IF NOT EXISTS message (
  company_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  origin_id BIGINT NOT NULL,
  occurrence VARCHAR(40) NOT NULL,
  person_id BIGINT NOT NULL,
  channel VARCHAR(12) NOT NULL,
  transactional TINYINT NOT NULL,
  template_id BIGINT NOT NULL,
  vars MEDIUMTEXT NULL,
  address VARCHAR(254) NOT NULL,
  subject VARCHAR(500) NOT NULL,
  state VARCHAR(10) NOT NULL,
  reason VARCHAR(300) NOT NULL,
  attempts INT NOT NULL,
  crashes INT NOT NULL,
  lane TINYINT NOT NULL,
  due_at_us BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  queued_at_us BIGINT NOT NULL,
  sent_at_us BIGINT NULL,
  PRIMARY KEY (company_id, message_id),
  UNIQUE KEY once (company_id, origin_id, person_id, occurrence),
  KEY due (lane, due_at_us),
  KEY person_id (company_id, person_id, message_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- the first time each thing came back for a message: open, click, unsubscribe
CREATE TABLE IF NOT EXISTS receipt (
  company_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  kind VARCHAR(12) NOT NULL,
  at_us BIGINT NOT NULL,
  link_id BIGINT NOT NULL,
  PRIMARY KEY (company_id, message_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- counters of an object (campaign, scenario, source): changed in the transaction that changes what they count
CREATE TABLE IF NOT EXISTS figure (
  company_id BIGINT NOT NULL,
  object_id BIGINT NOT NULL,
  name VARCHAR(30) NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (company_id, object_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS link (
  company_id BIGINT NOT NULL,
  link_id BIGINT NOT NULL,
  url VARCHAR(2048) NOT NULL,
  PRIMARY KEY (company_id, link_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS scenario (
  company_id BIGINT NOT NULL,
  scenario_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  script TEXT NOT NULL,
  state VARCHAR(10) NOT NULL,
  version BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  updated_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, scenario_id),
  UNIQUE KEY name (company_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- what was published; a run goes on with the version it began with. program: what the script was compiled to (JSON)
CREATE TABLE IF NOT EXISTS scenario_version (
  company_id BIGINT NOT NULL,
  scenario_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  script TEXT NOT NULL,
  program MEDIUMTEXT NOT NULL,
  published_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, scenario_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- entry_seq: the event that started it, so the same event starts a scenario once. step: the one to do at wake_at_us, or, with
-- waits, the one that waits for an event until then; step_at_us: since when. untold: whose events are still to be written, 1 its
-- beginning, 2 its end, 3 both
CREATE TABLE IF NOT EXISTS scenario_run (
  company_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  scenario_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  entry_seq BIGINT NOT NULL,
  step INT NOT NULL,
  step_at_us BIGINT NOT NULL,
  waits TINYINT NOT NULL,
  state VARCHAR(10) NOT NULL,
  reason VARCHAR(300) NOT NULL,
  wake_at_us BIGINT NOT NULL,
  started_at_us BIGINT NOT NULL,
  ended_at_us BIGINT NULL,
  untold TINYINT NOT NULL,
  PRIMARY KEY (company_id, run_id),
  UNIQUE KEY entry (company_id, scenario_id, person_id, entry_seq),
  KEY due (company_id, state, wake_at_us),
  KEY person_id (company_id, person_id, state),
  KEY untold (company_id, untold)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- due_at_us: when to go on, or until when the engine that has it holds it (state running)
CREATE TABLE IF NOT EXISTS job (
  company_id BIGINT NOT NULL,
  job_id BIGINT NOT NULL,
  kind VARCHAR(30) NOT NULL,
  state VARCHAR(10) NOT NULL,
  done BIGINT NOT NULL,
  total BIGINT NOT NULL,
  args MEDIUMTEXT NOT NULL,
  error VARCHAR(500) NOT NULL,
  created_by BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  due_at_us BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  crashes INT NOT NULL,
  PRIMARY KEY (company_id, job_id),
  KEY due (state, due_at_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
