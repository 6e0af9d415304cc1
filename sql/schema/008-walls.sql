-- Who gets in, how often one may try, what was done. Sessions begin anew: they have more columns, and nobody keeps one for long.

DROP TABLE IF EXISTS session;

CREATE TABLE IF NOT EXISTS session (
  company_id BIGINT NOT NULL,
  session_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id BIGINT NOT NULL,
  csrf CHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at_us BIGINT NOT NULL,
  seen_at_us BIGINT NOT NULL,
  proved_at_us BIGINT NOT NULL, -- when the password (and code) was given last; 0: the password was right, the code is awaited
  ip VARCHAR(45) NOT NULL,
  agent VARCHAR(200) NOT NULL,
  PRIMARY KEY (company_id, session_hash),
  KEY user_id (company_id, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The second factor of those who have one. The secret is sealed.
CREATE TABLE IF NOT EXISTS second_factor (
  company_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  secret VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  last_step BIGINT NOT NULL, -- of 30 s since 1970: a code works once
  created_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS recovery_code (
  company_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  code_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (company_id, user_id, code_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What a company asks of its people.
CREATE TABLE IF NOT EXISTS policy (
  company_id BIGINT NOT NULL PRIMARY KEY,
  second_factor VARCHAR(10) NOT NULL -- nobody, admins, all
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- A link in a letter that lets one choose a password, once.
CREATE TABLE IF NOT EXISTS pass (
  company_id BIGINT NOT NULL,
  token_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id BIGINT NOT NULL,
  expires_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, token_hash),
  KEY user_id (company_id, user_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- How often somebody tried. An account is known by a hash of what was typed, so one that is not there is counted like one that is; an
-- address (of company 0) by its network.
CREATE TABLE IF NOT EXISTS throttle (
  company_id BIGINT NOT NULL,
  key_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  failures INT NOT NULL,
  until_us BIGINT NOT NULL, -- an account: not before; a network: when its bucket will be empty
  at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, key_hash),
  KEY at_us (company_id, at_us)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Limits of an API key and when it was used last; a key without a row has none and was not used.
CREATE TABLE IF NOT EXISTS api_key_use (
  company_id BIGINT NOT NULL,
  key_id CHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at_us BIGINT NULL,
  networks VARCHAR(500) NOT NULL, -- "10.0.0.0/8 2001:db8::/32", empty: from anywhere
  used_at_us BIGINT NULL,
  used_ip VARCHAR(45) NOT NULL,
  PRIMARY KEY (company_id, key_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- What was done, each row bound to the one before by its hash. Rows of the log that had no hashes (table audit, not used any more) come first.
CREATE TABLE IF NOT EXISTS audit_log (
  company_id BIGINT NOT NULL,
  audit_no BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  key_id VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  ip VARCHAR(45) NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  action VARCHAR(60) NOT NULL,
  object VARCHAR(100) NOT NULL,
  detail VARCHAR(1000) NOT NULL,
  hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  PRIMARY KEY (company_id, audit_no),
  KEY user_id (company_id, user_id, audit_no),
  KEY action (company_id, action, audit_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The last row of each company's log: locked by whoever adds the next one.
CREATE TABLE IF NOT EXISTS audit_last (
  company_id BIGINT NOT NULL PRIMARY KEY,
  audit_no BIGINT NOT NULL,
  hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT IGNORE INTO audit_log (company_id, audit_no, at_us, user_id, key_id, ip, request_id, action, object, detail, hash)
SELECT company_id, ROW_NUMBER() OVER (PARTITION BY company_id ORDER BY audit_id), at_us, user_id, '', ip, '', action, object, detail, '' FROM audit;

INSERT IGNORE INTO audit_last (company_id, audit_no, hash) SELECT company_id, MAX(audit_no), '' FROM audit_log WHERE hash = '' GROUP BY company_id;
