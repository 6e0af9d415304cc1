-- Events of a site that were pointed at on its pages: what is bound, what the tag is told, how often it happened.

-- kind: click, submit, view, page; state: draft, published, paused; properties: JSON list of {name, from, arg, at, type}
CREATE TABLE IF NOT EXISTS binding (
  company_id BIGINT NOT NULL,
  binding_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  event VARCHAR(100) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  selector VARCHAR(500) NOT NULL,
  url VARCHAR(500) NOT NULL,
  once_a_page TINYINT NOT NULL,
  properties TEXT NOT NULL,
  state VARCHAR(10) NOT NULL,
  created_by BIGINT NOT NULL,
  updated_by BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  updated_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, binding_id),
  KEY source_id (company_id, source_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- published: JSON, what the tag of this source is told; when a link to point at things was given out last, where to, and when the
-- page answered (NULL: not yet)
CREATE TABLE IF NOT EXISTS binding_source (
  company_id BIGINT NOT NULL,
  source_id BIGINT NOT NULL,
  published MEDIUMTEXT NOT NULL,
  link_url VARCHAR(1000) NOT NULL,
  link_at_us BIGINT NULL,
  met_at_us BIGINT NULL,
  PRIMARY KEY (company_id, source_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- hour: since 1970 UTC. fired: events; seen: views of pages on which it might have happened
CREATE TABLE IF NOT EXISTS binding_count (
  company_id BIGINT NOT NULL,
  binding_id BIGINT NOT NULL,
  hour INT NOT NULL,
  fired BIGINT NOT NULL,
  seen BIGINT NOT NULL,
  PRIMARY KEY (company_id, binding_id, hour)
) ENGINE=InnoDB;
