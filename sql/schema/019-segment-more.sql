-- What a segment may be besides a rule: kept by hand, its creator's only, without repeats, put away; and every rule it had.

-- is_static: nobody enters or leaves by a rule. locked: only created_by changes it. unique_by: a field's name, or empty; unique_keep:
-- first_created or last_updated. archived_at_us: since when it is not evaluated any more. progress: percent of the build that runs
ALTER TABLE segment
  ADD COLUMN is_static TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN locked TINYINT NOT NULL DEFAULT 0,
  ADD COLUMN unique_by VARCHAR(64) NOT NULL DEFAULT '',
  ADD COLUMN unique_keep VARCHAR(16) NOT NULL DEFAULT '',
  ADD COLUMN folder VARCHAR(100) NOT NULL DEFAULT '',
  ADD COLUMN description VARCHAR(1000) NOT NULL DEFAULT '',
  ADD COLUMN archived_at_us BIGINT NULL,
  ADD COLUMN progress INT NOT NULL DEFAULT 0;

-- size: once it was built; NULL it never was
CREATE TABLE IF NOT EXISTS segment_version (
  company_id BIGINT NOT NULL,
  segment_id BIGINT NOT NULL,
  version BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  rule TEXT NOT NULL,
  is_static TINYINT NOT NULL,
  unique_by VARCHAR(64) NOT NULL,
  unique_keep VARCHAR(16) NOT NULL,
  made_by BIGINT NOT NULL,
  made_at_us BIGINT NOT NULL,
  size BIGINT NULL,
  PRIMARY KEY (company_id, segment_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT IGNORE INTO segment_version (company_id, segment_id, version, name, rule, is_static, unique_by, unique_keep, made_by, made_at_us, size)
SELECT company_id, segment_id, version, name, rule, 0, '', '', created_by, updated_at_us, IF(built_version = version, size, NULL) FROM segment;
