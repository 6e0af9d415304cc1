-- One message to one audience.

-- name: CAMPAIGN_ALL
-- in: company_id
-- out: campaign_id, name, channel, template_id, segment_id, state, error, created_at_us, updated_at_us, launched_at_us (NULL never),
--   done_at_us (NULL not yet)
-- rows: n <= 1000
SELECT campaign_id, name, channel, template_id, segment_id, state, error, created_at_us, updated_at_us, launched_at_us, done_at_us
FROM campaign WHERE company_id = ? ORDER BY campaign_id DESC LIMIT 1000;

-- name: CAMPAIGN_BY_ID
-- in: company_id, campaign_id
-- out: as CAMPAIGN_ALL
-- rows: 0..1
SELECT campaign_id, name, channel, template_id, segment_id, state, error, created_at_us, updated_at_us, launched_at_us, done_at_us
FROM campaign WHERE company_id = ? AND campaign_id = ?;

-- name: CAMPAIGN_LOCK
-- in: company_id, campaign_id
-- out: as CAMPAIGN_ALL
-- rows: 0..1
SELECT campaign_id, name, channel, template_id, segment_id, state, error, created_at_us, updated_at_us, launched_at_us, done_at_us
FROM campaign WHERE company_id = ? AND campaign_id = ? FOR UPDATE;

-- name: CAMPAIGN_BY_NAME
-- in: company_id, name
-- out: campaign_id
-- rows: 0..1
SELECT campaign_id FROM campaign WHERE company_id = ? AND name = ?;

-- name: CAMPAIGN_INSERT
-- in: company_id, campaign_id, name, channel, template_id, segment_id, created_at_us, updated_at_us
-- out: nothing
-- rows: 0
INSERT INTO campaign (company_id, campaign_id, name, channel, template_id, segment_id, state, error, created_at_us, updated_at_us)
VALUES (?, ?, ?, ?, ?, ?, 'draft', '', ?, ?);

-- name: CAMPAIGN_UPDATE
-- in: name, template_id, segment_id, updated_at_us, company_id, campaign_id
-- out: nothing
-- rows: 0..1
UPDATE campaign SET name = ?, template_id = ?, segment_id = ?, updated_at_us = ?
WHERE company_id = ? AND campaign_id = ? AND state = 'draft';

-- name: CAMPAIGN_MOVE
-- in: state, error, updated_at_us, launched_at_us (NULL as it is), done_at_us (NULL as it is), company_id, campaign_id
-- out: nothing
-- rows: 0..1
UPDATE campaign SET state = ?, error = ?, updated_at_us = ?, launched_at_us = COALESCE(?, launched_at_us),
  done_at_us = COALESCE(?, done_at_us) WHERE company_id = ? AND campaign_id = ?;
