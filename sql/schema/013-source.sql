-- What a source takes and how; what came over it, hour by hour; what people are interested in.

-- a source without a row has the defaults of tenant/source_rules.h. secret: sealed, signs user ids
CREATE TABLE IF NOT EXISTS source_rules (
  company_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  rules MEDIUMTEXT NOT NULL,
  secret VARCHAR(200) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  changed_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, source_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- hour: since 1970 UTC. accepted includes bots; excluded came from addresses that do not count
CREATE TABLE IF NOT EXISTS source_count (
  company_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  hour INT NOT NULL,
  accepted BIGINT NOT NULL,
  bots BIGINT NOT NULL,
  excluded BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  quarantined BIGINT NOT NULL,
  PRIMARY KEY (company_id, source_id, hour)
) ENGINE=InnoDB;

-- weight: the sum of 2^((when - 2020) / 30 days) over what was looked at, so that it does not matter in which order it comes
CREATE TABLE IF NOT EXISTS interest (
  company_id BIGINT NOT NULL,
  node_id BIGINT NOT NULL,
  topic VARCHAR(100) NOT NULL,
  weight DOUBLE NOT NULL,
  PRIMARY KEY (company_id, node_id, topic)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
