-- Exports: who was asked for, with which columns, and what came of it. How far it is stands with its job; the file in files_dir.
CREATE TABLE IF NOT EXISTS export (
  company_id BIGINT NOT NULL,
  export_id BIGINT NOT NULL,
  job_id BIGINT NOT NULL,
  source VARCHAR(10) NOT NULL,
  segment_id BIGINT NOT NULL,
  rule MEDIUMTEXT NOT NULL,
  name VARCHAR(100) NOT NULL,
  fields TEXT NOT NULL,
  format VARCHAR(5) NOT NULL,
  delimiter CHAR(1) NOT NULL,
  is_raw TINYINT NOT NULL,
  row_count BIGINT NOT NULL,
  size_bytes BIGINT NOT NULL,
  created_by BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  done_at_us BIGINT NULL,
  until_us BIGINT NOT NULL,
  dropped_at_us BIGINT NULL,
  PRIMARY KEY (company_id, export_id),
  KEY until_us (dropped_at_us, until_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
