-- What was not applied, and why: calls that were refused, and accepted ones that failed by themselves or took the engine down.
-- company 0: nobody's, it could not be read.

-- state: refused (wrong when it came, nobody was promised anything), waiting, queued (to be applied once more), replayed, dropped
-- payload: of a refused call its text, cut; else a record as it stands in a journal, whole
CREATE TABLE IF NOT EXISTS dead_letter (
  company_id BIGINT NOT NULL,
  letter_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tries INT NOT NULL,
  first_at_us BIGINT NOT NULL,
  last_at_us BIGINT NOT NULL,
  code VARCHAR(64) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  payload MEDIUMTEXT NOT NULL,
  PRIMARY KEY (company_id, letter_id),
  KEY source (company_id, source_id, letter_id),
  KEY state (company_id, state, letter_id),
  KEY queued (state, company_id, letter_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- what was refused before this table stood; again after a migration that ended here, it finds none
CREATE TABLE IF NOT EXISTS rejected (
  company_id BIGINT NOT NULL,
  rejected_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  code VARCHAR(30) NOT NULL,
  reason VARCHAR(500) NOT NULL,
  payload VARCHAR(4000) NOT NULL,
  PRIMARY KEY (company_id, rejected_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT IGNORE INTO dead_letter (company_id, letter_id, source_id, state, tries, first_at_us, last_at_us, code, reason, payload)
SELECT company_id, rejected_id, source_id, 'refused', 1, at_us, at_us, code, reason, payload FROM rejected;

DROP TABLE rejected;
