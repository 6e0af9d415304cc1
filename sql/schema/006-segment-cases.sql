-- Cases kept beside a segment's rule.

CREATE TABLE IF NOT EXISTS segment_cases (
  company_id BIGINT NOT NULL,
  segment_id BIGINT NOT NULL,
  cases MEDIUMTEXT NOT NULL,
  PRIMARY KEY (company_id, segment_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
