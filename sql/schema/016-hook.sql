-- Systems that send by themselves: the address of a source, how what comes there is understood, what came last.

-- key_hash: of the address's secret, which finds it; hook_key, sign_secret, password: sealed, '' none. sign_how: '', hex, base64.
-- headers: names a mapping may see, apart by spaces. prefix: before identifiers that 1C gives. version: of the mapping in use, 0 none yet
CREATE TABLE IF NOT EXISTS hook (
  company_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  key_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  hook_key VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sign_how VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sign_header VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sign_secret VARCHAR(500) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  headers VARCHAR(500) NOT NULL,
  password VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  prefix VARCHAR(32) NOT NULL,
  version INT NOT NULL,
  changed_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, source_id),
  UNIQUE KEY key_hash (key_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS hook_mapping (
  company_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  version INT NOT NULL,
  script MEDIUMTEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, source_id, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- the last 20 requests of a source, to try a mapping with. request: JSON {type, query, headers, body}
CREATE TABLE IF NOT EXISTS hook_recent (
  company_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  recent_id BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  request MEDIUMTEXT NOT NULL,
  PRIMARY KEY (company_id, source_id, recent_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- what a session of 1C is at: a file it sends in parts, and the job that reads it. state: sending, queued, done, failed
CREATE TABLE IF NOT EXISTS hook_file (
  company_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  name VARCHAR(200) NOT NULL,
  file_id BIGINT NOT NULL,
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  bytes BIGINT NOT NULL,
  job_id BIGINT NOT NULL,
  report TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, source_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- orders that 1C has told of, so that the same once more is nothing new. Both are hashes: of the id, of all it said
CREATE TABLE IF NOT EXISTS hook_order (
  company_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  order_hash BIGINT NOT NULL,
  state_hash BIGINT NOT NULL,
  PRIMARY KEY (company_id, source_id, order_hash)
) ENGINE=InnoDB;
