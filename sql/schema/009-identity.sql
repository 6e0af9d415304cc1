-- Who is who, in full: when nodes were joined, what may be undone, who was erased, by which rules persons are put together.

-- joined_at_us: when parent_id was set; consents said before it and after it count differently
ALTER TABLE node ADD COLUMN joined_at_us BIGINT NULL;

-- consents: the composed ones, a JSON object of channel to true or false. known: 0 anonymous, 1 says so itself (what a page's key
-- told us), 2 vouched for (an API key, a file, a user, a signed call)
ALTER TABLE person ADD COLUMN consents VARCHAR(500) NULL;
UPDATE person p SET p.consents = (
  SELECT CONCAT('{', GROUP_CONCAT(CONCAT('"', said.channel, '":', IF(said.granted = 1, 'true', 'false'))), '}')
  FROM (SELECT n.company_id, n.root_id, c.channel, MIN(c.granted) AS granted FROM consent c
    JOIN node n ON n.company_id = c.company_id AND n.node_id = c.node_id GROUP BY n.company_id, n.root_id, c.channel) said
  WHERE said.company_id = p.company_id AND said.root_id = p.person_id) WHERE p.consents IS NULL;
UPDATE person SET consents = '{}' WHERE consents IS NULL;

-- who asked for a merge (0: a rule), and the two persons before it: JSON maps {known, source_id, created_at_us}
ALTER TABLE merge ADD COLUMN user_id BIGINT NOT NULL DEFAULT 0, ADD COLUMN persons TEXT NULL, ADD KEY from_id (company_id, from_id);

-- an erased person's identifiers, by a hash under the installation's key: what is older than at_us does not bring them back
CREATE TABLE IF NOT EXISTS erased (
  company_id BIGINT NOT NULL,
  hash CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (company_id, hash)
) ENGINE=InnoDB;

-- what a batch (an import, a change of many) found before it wrote: body JSON, by what: made, value, consent, ident
CREATE TABLE IF NOT EXISTS batch_before (
  company_id BIGINT NOT NULL,
  batch_id BIGINT NOT NULL,
  node_id BIGINT NOT NULL,
  what VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARBINARY(260) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  PRIMARY KEY (company_id, batch_id, node_id, what, name),
  KEY node_id (company_id, node_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- how persons are put together: subject "field:NAME" or "ident:KIND", rule JSON
CREATE TABLE IF NOT EXISTS unify_rule (
  company_id BIGINT NOT NULL,
  subject VARCHAR(80) NOT NULL,
  rule TEXT NOT NULL,
  PRIMARY KEY (company_id, subject)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
