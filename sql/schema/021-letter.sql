-- Letters as people were sent them, kept for letters_kept_days.

-- html: packed (zlib); links as they were written, not those that tell of clicks
CREATE TABLE IF NOT EXISTS letter (
  company_id BIGINT NOT NULL,
  message_id BIGINT NOT NULL,
  html MEDIUMBLOB NOT NULL,
  PRIMARY KEY (company_id, message_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
