-- Who belongs together.

CREATE TABLE IF NOT EXISTS segment (
  company_id BIGINT NOT NULL,
  segment_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  rule TEXT NOT NULL,
  state VARCHAR(10) NOT NULL,
  error VARCHAR(500) NOT NULL,
  version BIGINT NOT NULL,
  built_version BIGINT NOT NULL,
  size BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  updated_at_us BIGINT NOT NULL,
  built_at_us BIGINT NULL,
  PRIMARY KEY (company_id, segment_id),
  UNIQUE KEY name (company_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS membership (
  company_id BIGINT NOT NULL,
  segment_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  since_us BIGINT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  PRIMARY KEY (company_id, segment_id, person_id),
  KEY person_id (company_id, person_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- day: local days since 1970 in the company's zone
CREATE TABLE IF NOT EXISTS segment_day (
  company_id BIGINT NOT NULL,
  segment_id BIGINT NOT NULL,
  day INT NOT NULL,
  size BIGINT NOT NULL,
  entered BIGINT NOT NULL,
  exited BIGINT NOT NULL,
  PRIMARY KEY (company_id, segment_id, day)
) ENGINE=InnoDB;
