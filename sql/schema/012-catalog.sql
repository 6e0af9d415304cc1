-- What a company sells, and where it is told of. Money in hundredths of its currency.
CREATE TABLE IF NOT EXISTS product (
  company_id BIGINT NOT NULL,
  product_id BIGINT NOT NULL,
  external_id VARCHAR(100) NOT NULL,
  group_id VARCHAR(100) NOT NULL,
  name VARCHAR(500) NOT NULL,
  price BIGINT NULL,
  old_price BIGINT NULL,
  currency VARCHAR(3) NOT NULL,
  url VARCHAR(2000) NOT NULL,
  picture VARCHAR(2000) NOT NULL,
  category VARCHAR(1000) NOT NULL,
  vendor VARCHAR(200) NOT NULL,
  available TINYINT NOT NULL,
  params TEXT NOT NULL,
  content_hash BIGINT NOT NULL,
  feed_id BIGINT NOT NULL,
  run_id BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  updated_at_us BIGINT NOT NULL,
  seen_at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, product_id),
  UNIQUE KEY external_id (company_id, external_id),
  KEY feed_id (company_id, feed_id, available, run_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- categories as a feed has them; parent '' at the top
CREATE TABLE IF NOT EXISTS product_category (
  company_id BIGINT NOT NULL,
  feed_id BIGINT NOT NULL,
  category_id VARCHAR(100) NOT NULL,
  parent_id VARCHAR(100) NOT NULL,
  name VARCHAR(200) NOT NULL,
  PRIMARY KEY (company_id, feed_id, category_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- run_id: the run that is done or going on; every_h 0: by hand only; job_id: who reads it next, another job gives way
CREATE TABLE IF NOT EXISTS product_feed (
  company_id BIGINT NOT NULL,
  feed_id BIGINT NOT NULL,
  name VARCHAR(100) NOT NULL,
  url VARCHAR(2000) NOT NULL,
  kind VARCHAR(10) NOT NULL,
  every_h INT NOT NULL,
  state VARCHAR(10) NOT NULL,
  error VARCHAR(500) NOT NULL,
  problems TEXT NOT NULL,
  problem_count BIGINT NOT NULL,
  product_count BIGINT NOT NULL,
  gone_count BIGINT NOT NULL,
  file_hash CHAR(64) NOT NULL,
  job_id BIGINT NOT NULL,
  created_at_us BIGINT NOT NULL,
  ran_at_us BIGINT NULL,
  next_at_us BIGINT NULL,
  PRIMARY KEY (company_id, feed_id),
  UNIQUE KEY name (company_id, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
