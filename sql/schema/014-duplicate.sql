-- Pairs of persons that may be one, found in the stored base, with what was decided about them.

-- a_id: the older of the two; reasons: JSON list of {field, how}; state: open, merged, different, gone
CREATE TABLE IF NOT EXISTS duplicate (
  company_id BIGINT NOT NULL,
  duplicate_id BIGINT NOT NULL,
  a_id BIGINT NOT NULL,
  b_id BIGINT NOT NULL,
  score INT NOT NULL,
  reasons TEXT NOT NULL,
  state VARCHAR(10) NOT NULL,
  found_at_us BIGINT NOT NULL,
  decided_at_us BIGINT NULL,
  user_id BIGINT NOT NULL,
  merge_id BIGINT NULL,
  PRIMARY KEY (company_id, duplicate_id),
  UNIQUE KEY pair (company_id, a_id, b_id),
  KEY list (company_id, state, score, duplicate_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
