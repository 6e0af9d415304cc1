-- Companies, who works in them, what may write to them. Times are microseconds since 1970 UTC everywhere.

-- platform: companies themselves; company 0 is the platform and has no row
CREATE TABLE IF NOT EXISTS company (
  company_id BIGINT NOT NULL PRIMARY KEY,
  slug VARCHAR(64) NOT NULL,
  name VARCHAR(200) NOT NULL,
  country CHAR(2) NOT NULL,
  currency CHAR(3) NOT NULL,
  timezone VARCHAR(48) NOT NULL,
  language CHAR(2) NOT NULL,
  state VARCHAR(10) NOT NULL,
  created_at_us BIGINT NOT NULL,
  UNIQUE KEY slug (slug)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS user (
  company_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  email VARCHAR(254) NOT NULL,
  password VARCHAR(200) NOT NULL,
  role VARCHAR(16) NOT NULL,
  name VARCHAR(100) NOT NULL,
  language CHAR(2) NOT NULL,
  state VARCHAR(10) NOT NULL,
  created_at_us BIGINT NOT NULL,
  last_login_us BIGINT NULL,
  failed_logins INT NOT NULL DEFAULT 0,
  blocked_until_us BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (company_id, user_id),
  UNIQUE KEY email (company_id, email)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS session (
  company_id BIGINT NOT NULL,
  session_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id BIGINT NOT NULL,
  csrf CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at_us BIGINT NOT NULL,
  seen_at_us BIGINT NOT NULL,
  ip VARCHAR(45) NOT NULL,
  agent VARCHAR(200) NOT NULL,
  PRIMARY KEY (company_id, session_hash),
  KEY user_id (company_id, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- platform: the key is what finds its company
CREATE TABLE IF NOT EXISTS api_key (
  key_id CHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  company_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  secret_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scopes VARCHAR(300) NOT NULL,
  created_at_us BIGINT NOT NULL,
  revoked_at_us BIGINT NULL,
  KEY company_id (company_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS source (
  company_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  write_key CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  state VARCHAR(10) NOT NULL,
  created_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, source_id),
  UNIQUE KEY write_key (write_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS audit (
  company_id BIGINT NOT NULL,
  audit_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  ip VARCHAR(45) NOT NULL,
  action VARCHAR(60) NOT NULL,
  object VARCHAR(100) NOT NULL,
  detail VARCHAR(1000) NOT NULL,
  PRIMARY KEY (company_id, audit_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS idempotency (
  company_id BIGINT NOT NULL,
  key_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  body_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  status INT NOT NULL,
  answer MEDIUMTEXT NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, key_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
