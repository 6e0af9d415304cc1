-- How a user likes a list, and folders: filters kept under a name.

-- columns: JSON list of names in order; sort: a field, with - for descending
CREATE TABLE IF NOT EXISTS user_list (
  company_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  list VARCHAR(20) NOT NULL,
  columns TEXT NOT NULL,
  sort VARCHAR(80) NOT NULL,
  updated_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, user_id, list)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- with_all: anonymous people too; sort: empty as the user likes it; position: within the owner's
CREATE TABLE IF NOT EXISTS folder (
  company_id BIGINT NOT NULL,
  folder_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  is_shared TINYINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  rule MEDIUMTEXT NOT NULL,
  search VARCHAR(200) NOT NULL,
  with_all TINYINT NOT NULL,
  sort VARCHAR(80) NOT NULL,
  position BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  updated_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, folder_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- what was typed into the search beside the rule
ALTER TABLE export ADD COLUMN search VARCHAR(200) NOT NULL DEFAULT '';
