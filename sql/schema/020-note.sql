-- What users wrote about a person: it stays with the node it was written on, so it joins and parts with profiles.

CREATE TABLE IF NOT EXISTS note (
  company_id BIGINT NOT NULL,
  node_id BIGINT NOT NULL,
  note_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL,
  at_us BIGINT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (company_id, node_id, note_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
