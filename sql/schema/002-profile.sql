-- Who: identifiers belong to nodes, a person is the root over one or more nodes; values stay with their node.

CREATE TABLE IF NOT EXISTS field (
  company_id BIGINT NOT NULL,
  name VARCHAR(64) NOT NULL,
  label VARCHAR(100) NOT NULL,
  type VARCHAR(12) NOT NULL,
  state VARCHAR(10) NOT NULL,
  options TEXT NULL,
  created_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- parent_id is the pointer a merge sets and an undo clears; root_id is where following it ends
CREATE TABLE IF NOT EXISTS node (
  company_id BIGINT NOT NULL,
  node_id BIGINT NOT NULL,
  parent_id BIGINT NULL,
  root_id BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, node_id),
  KEY root_id (company_id, root_id)
) ENGINE=InnoDB;

CREATE TABLE IF NOT EXISTS ident (
  company_id BIGINT NOT NULL,
  kind TINYINT NOT NULL,
  value VARBINARY(254) NOT NULL,
  node_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, kind, value),
  KEY node_id (company_id, node_id)
) ENGINE=InnoDB;

-- one field's value as it arrived at a node: JSON text, with when, from which source and by whom (user or 0)
CREATE TABLE IF NOT EXISTS node_value (
  company_id BIGINT NOT NULL,
  node_id BIGINT NOT NULL,
  field VARCHAR(64) NOT NULL,
  value TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  PRIMARY KEY (company_id, node_id, field)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- the composed person, on the root's id
CREATE TABLE IF NOT EXISTS person (
  company_id BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  known TINYINT NOT NULL,
  external_id VARCHAR(254) NULL,
  email VARCHAR(254) NULL,
  phone VARCHAR(32) NULL,
  first_name VARCHAR(200) NULL,
  last_name VARCHAR(200) NULL,
  middle_name VARCHAR(200) NULL,
  gender VARCHAR(20) NULL,
  birthday VARCHAR(10) NULL,
  country VARCHAR(100) NULL,
  region VARCHAR(200) NULL,
  city VARCHAR(200) NULL,
  address VARCHAR(500) NULL,
  language VARCHAR(20) NULL,
  timezone VARCHAR(48) NULL,
  custom MEDIUMTEXT NOT NULL,
  source_id BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  updated_at_us BIGINT NOT NULL,
  first_seen_at_us BIGINT NULL,
  last_seen_at_us BIGINT NULL,
  PRIMARY KEY (company_id, person_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS merge (
  company_id BIGINT NOT NULL,
  merge_id BIGINT NOT NULL,
  from_id BIGINT NOT NULL,
  into_id BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  reason VARCHAR(200) NOT NULL,
  undone_at_us BIGINT NULL,
  PRIMARY KEY (company_id, merge_id),
  KEY into_id (company_id, into_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS consent (
  company_id BIGINT NOT NULL,
  node_id BIGINT NOT NULL,
  channel VARCHAR(12) NOT NULL,
  granted TINYINT NOT NULL,
  at_us BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  proof VARCHAR(1000) NOT NULL,
  PRIMARY KEY (company_id, node_id, channel)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS suppression (
  company_id BIGINT NOT NULL,
  channel VARCHAR(12) NOT NULL,
  address VARBINARY(254) NOT NULL,
  reason VARCHAR(20) NOT NULL,
  at_us BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  PRIMARY KEY (company_id, channel, address)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
