-- What was asked at the API, for two weeks.

-- request_id: time-ordered. class: status / 100. code and sentence: of the error, empty without. path: without its query
CREATE TABLE IF NOT EXISTS request_log (
  company_id BIGINT NOT NULL,
  request_id BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  key_id VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  method VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  pattern VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  path VARCHAR(200) NOT NULL,
  status SMALLINT NOT NULL,
  class TINYINT NOT NULL,
  ms INT NOT NULL,
  bytes BIGINT NOT NULL,
  ip VARCHAR(45) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  code VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sentence VARCHAR(300) NOT NULL,
  PRIMARY KEY (company_id, request_id),
  KEY by_key (company_id, key_id, request_id),
  KEY by_class (company_id, class, request_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
