-- What they did, in the company's commit order; the feed is this table.

CREATE TABLE IF NOT EXISTS feed (
  company_id BIGINT NOT NULL PRIMARY KEY,
  last_seq BIGINT NOT NULL
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS event_type (
  company_id BIGINT NOT NULL,
  type_id INT NOT NULL,
  name VARCHAR(100) NOT NULL,
  created_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, type_id),
  UNIQUE KEY name (company_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- time_key: the client's uncorrected timestamp (received time without one), that and the hash of source and messageId
-- recognise a repeat; person_id: the root when it was written; flags: EVENT_* of event/event.h
CREATE TABLE IF NOT EXISTS event (
  company_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  node_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  type_id INT NOT NULL,
  at_us BIGINT NOT NULL,
  received_at_us BIGINT NOT NULL,
  time_key BIGINT NOT NULL,
  dedup BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  flags INT NOT NULL,
  props MEDIUMTEXT NOT NULL,
  PRIMARY KEY (company_id, seq),
  UNIQUE KEY history (company_id, node_id, time_key, dedup)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- platform: a journal carries all companies' records
CREATE TABLE IF NOT EXISTS journal_position (
  journal VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  position BIGINT NOT NULL,
  at_us BIGINT NOT NULL
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS rejected (
  company_id BIGINT NOT NULL,
  rejected_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  code VARCHAR(30) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  payload VARCHAR(4000) NOT NULL,
  PRIMARY KEY (company_id, rejected_id),
  KEY source_id (company_id, source_id, rejected_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- which engine holds a company's columns; an older fence may write nothing. seq and clock_us: how far of the feed and of time
-- the effects (memberships, scenarios) are written
CREATE TABLE IF NOT EXISTS lease (
  company_id BIGINT NOT NULL PRIMARY KEY,
  holder VARCHAR(100) NOT NULL,
  fence BIGINT NOT NULL,
  until_us BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  clock_us BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
