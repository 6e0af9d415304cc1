-- Files of rows on their way into profiles.

-- state: new (to be mapped), checking, checked, running, done, cancelled, failed, undoing, undone.
-- The figures are of the last check or run; next_row, errors_bytes: how far it is, committed with what it wrote.
CREATE TABLE IF NOT EXISTS import (
  company_id BIGINT NOT NULL,
  import_id BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  state VARCHAR(10) NOT NULL,
  source_id BIGINT NOT NULL,
  feed_id BIGINT NOT NULL,
  job_id BIGINT NOT NULL,
  bytes BIGINT NOT NULL,
  file_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  shape TEXT NOT NULL,
  column_names MEDIUMTEXT NOT NULL,
  mapping MEDIUMTEXT NOT NULL,
  next_row BIGINT NOT NULL,
  bytes_done BIGINT NOT NULL,
  errors_bytes BIGINT NOT NULL,
  inserted BIGINT NOT NULL,
  updated BIGINT NOT NULL,
  skipped BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  warned BIGINT NOT NULL,
  error VARCHAR(500) NOT NULL,
  created_by BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  started_at_us BIGINT NOT NULL,
  ended_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, import_id),
  KEY feed_id (company_id, feed_id, import_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The mapping used last for a set of columns, by the hash of their names.
CREATE TABLE IF NOT EXISTS import_mapping (
  company_id BIGINT NOT NULL,
  columns_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  mapping MEDIUMTEXT NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, columns_hash)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- Files fetched from an address again and again. every_h 0: once a day at minute_of_day of the company's zone.
CREATE TABLE IF NOT EXISTS import_feed (
  company_id BIGINT NOT NULL,
  feed_id BIGINT NOT NULL,
  name VARCHAR(255) NOT NULL,
  url VARCHAR(2000) NOT NULL,
  state VARCHAR(10) NOT NULL,
  every_h INT NOT NULL,
  minute_of_day INT NOT NULL,
  shape TEXT NOT NULL,
  mapping MEDIUMTEXT NOT NULL,
  etag VARCHAR(200) NOT NULL,
  file_hash CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  job_id BIGINT NOT NULL,
  next_at_us BIGINT NOT NULL,
  last_at_us BIGINT NOT NULL,
  said VARCHAR(500) NOT NULL,
  created_by BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, feed_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
