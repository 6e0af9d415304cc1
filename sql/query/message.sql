-- One text to one person: templates, links, origins, the outbox, receipts, figures.

-- name: TEMPLATE_ALL
-- in: company_id
-- out: template_id, name, channel, subject, version, created_at_us, updated_at_us
-- rows: n <= 1000
SELECT template_id, name, channel, subject, version, created_at_us, updated_at_us FROM template
WHERE company_id = ? ORDER BY updated_at_us DESC LIMIT 1000;

-- name: TEMPLATE_BY_ID
-- in: company_id, template_id
-- out: template_id, name, channel, subject, body, version, created_at_us, updated_at_us
-- rows: 0..1
SELECT template_id, name, channel, subject, body, version, created_at_us, updated_at_us FROM template
WHERE company_id = ? AND template_id = ?;

-- name: TEMPLATE_BY_NAME
-- in: company_id, name
-- out: as TEMPLATE_BY_ID
-- rows: 0..1
SELECT template_id, name, channel, subject, body, version, created_at_us, updated_at_us FROM template
WHERE company_id = ? AND name = ?;

-- name: TEMPLATE_INSERT
-- in: company_id, template_id, name, channel, subject, body, created_at_us, updated_at_us
-- out: nothing
-- rows: 0
INSERT INTO template (company_id, template_id, name, channel, subject, body, version, created_at_us, updated_at_us)
VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?);

-- name: TEMPLATE_UPDATE
-- in: name, subject, body, updated_at_us, company_id, template_id
-- out: nothing
-- rows: 0..1
UPDATE template SET name = ?, subject = ?, body = ?, version = version + 1, updated_at_us = ?
WHERE company_id = ? AND template_id = ?;

-- name: LINK_PUT
-- in: company_id, link_id, url
-- out: nothing
-- rows: 0
INSERT INTO link (company_id, link_id, url) VALUES {(?, ?, ?)} ON DUPLICATE KEY UPDATE link_id = VALUES(link_id);

-- name: LINK_TARGET
-- in: company_id, link_id
-- out: url
-- rows: 0..1
SELECT url FROM link WHERE company_id = ? AND link_id = ?;
