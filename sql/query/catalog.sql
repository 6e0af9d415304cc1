-- Products and the feeds they come from.

-- name: PRODUCT_PUT
-- in: company_id, product_id (of a new one), external_id, group_id, name, price, old_price (NULL none), currency, url, picture, category, vendor,
--   available, params (JSON), content_hash, feed_id, run_id, created_at_us, updated_at_us, seen_at_us
-- out: nothing
-- rows: 0
INSERT INTO product (company_id, product_id, external_id, group_id, name, price, old_price, currency, url, picture, category, vendor,
  available, params, content_hash, feed_id, run_id, created_at_us, updated_at_us, seen_at_us)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE
  updated_at_us = IF(content_hash = VALUES(content_hash) AND available = VALUES(available), updated_at_us, VALUES(updated_at_us)),
  group_id = VALUES(group_id), name = VALUES(name), price = VALUES(price), old_price = VALUES(old_price),
  currency = VALUES(currency), url = VALUES(url), picture = VALUES(picture), category = VALUES(category),
  vendor = VALUES(vendor), available = VALUES(available), params = VALUES(params), content_hash = VALUES(content_hash),
  feed_id = VALUES(feed_id), run_id = VALUES(run_id), seen_at_us = VALUES(seen_at_us);

-- name: PRODUCT_PUT_GOODS
-- in: as PRODUCT_PUT; of one that is there neither price nor whether it is available change
-- out: nothing
-- rows: 0
INSERT INTO product (company_id, product_id, external_id, group_id, name, price, old_price, currency, url, picture, category, vendor,
  available, params, content_hash, feed_id, run_id, created_at_us, updated_at_us, seen_at_us)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE group_id = VALUES(group_id), name = VALUES(name), picture = VALUES(picture), category = VALUES(category),
  vendor = VALUES(vendor), updated_at_us = VALUES(updated_at_us), seen_at_us = VALUES(seen_at_us);

-- name: PRODUCT_PUT_OFFER
-- in: as PRODUCT_PUT; of one that is there only price, currency and whether it is available change
-- out: nothing
-- rows: 0
INSERT INTO product (company_id, product_id, external_id, group_id, name, price, old_price, currency, url, picture, category, vendor,
  available, params, content_hash, feed_id, run_id, created_at_us, updated_at_us, seen_at_us)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE price = VALUES(price), currency = VALUES(currency), available = VALUES(available),
  updated_at_us = VALUES(updated_at_us), seen_at_us = VALUES(seen_at_us);

-- name: PRODUCT_PUT_PRICE
-- in: as PRODUCT_PUT; of one that is there only price and currency change, where there is a price
-- out: nothing
-- rows: 0
INSERT INTO product (company_id, product_id, external_id, group_id, name, price, old_price, currency, url, picture, category, vendor,
  available, params, content_hash, feed_id, run_id, created_at_us, updated_at_us, seen_at_us)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE currency = IF(VALUES(price) IS NULL, currency, VALUES(currency)), price = COALESCE(VALUES(price), price),
  updated_at_us = VALUES(updated_at_us), seen_at_us = VALUES(seen_at_us);

-- name: PRODUCT_PUT_LEFT
-- in: as PRODUCT_PUT; of one that is there only whether it is available changes
-- out: nothing
-- rows: 0
INSERT INTO product (company_id, product_id, external_id, group_id, name, price, old_price, currency, url, picture, category, vendor,
  available, params, content_hash, feed_id, run_id, created_at_us, updated_at_us, seen_at_us)
VALUES {(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE available = VALUES(available), updated_at_us = VALUES(updated_at_us), seen_at_us = VALUES(seen_at_us);

-- name: PRODUCT_PAGE
-- in: company_id, product_id (exclusive), what is searched ('' all), the same as a pattern, the same, limit
-- out: product_id, external_id, group_id, name, price, old_price (NULL none), currency, url, picture, category, vendor, available, params (JSON),
--   feed_id (0 by API), created_at_us, updated_at_us, seen_at_us
-- rows: n <= limit
SELECT product_id, external_id, group_id, name, price, old_price, currency, url, picture, category, vendor, available, params,
  feed_id, created_at_us, updated_at_us, seen_at_us
FROM product WHERE company_id = ? AND product_id < ? AND (? = '' OR LOWER(name) LIKE ? OR external_id = ?)
ORDER BY product_id DESC LIMIT ?;

-- name: PRODUCT_BY_ID
-- in: company_id, product_id
-- out: as PRODUCT_PAGE
-- rows: 0..1
SELECT product_id, external_id, group_id, name, price, old_price, currency, url, picture, category, vendor, available, params,
  feed_id, created_at_us, updated_at_us, seen_at_us
FROM product WHERE company_id = ? AND product_id = ?;

-- name: PRODUCT_COUNT
-- in: company_id
-- out: products, those that are available
-- rows: 1
SELECT COUNT(*), COALESCE(SUM(available), 0) FROM product WHERE company_id = ?;

-- name: PRODUCT_OF_FEED_COUNT
-- in: company_id, feed_id
-- out: products of it that are available
-- rows: 1
SELECT COUNT(*) FROM product WHERE company_id = ? AND feed_id = ? AND available = 1;

-- name: PRODUCT_UNSEEN
-- in: updated_at_us, company_id, feed_id, run_id
-- out: nothing
-- rows: n <= 5000
UPDATE product SET available = 0, updated_at_us = ? WHERE company_id = ? AND feed_id = ? AND available = 1 AND run_id <> ? LIMIT 5000;

-- name: CATEGORY_PUT
-- in: company_id, feed_id, category_id, parent_id, name
-- out: nothing
-- rows: 0
INSERT INTO product_category (company_id, feed_id, category_id, parent_id, name) VALUES {(?, ?, ?, ?, ?)}
ON DUPLICATE KEY UPDATE parent_id = VALUES(parent_id), name = VALUES(name);

-- name: FEED_ALL
-- in: company_id
-- out: feed_id, name, url, kind ('' not known yet), every_h, state (waiting, running, done, unchanged, failed, held), error, problems (JSON), problem_count, product_count, gone_count,
--   file_hash, job_id, created_at_us, ran_at_us (NULL never), next_at_us (NULL none)
-- rows: n <= 200
SELECT feed_id, name, url, kind, every_h, state, error, problems, problem_count, product_count, gone_count, file_hash, job_id,
  created_at_us, ran_at_us, next_at_us
FROM product_feed WHERE company_id = ? ORDER BY name LIMIT 200;

-- name: FEED_BY_ID
-- in: company_id, feed_id
-- out: as FEED_ALL
-- rows: 0..1
SELECT feed_id, name, url, kind, every_h, state, error, problems, problem_count, product_count, gone_count, file_hash, job_id,
  created_at_us, ran_at_us, next_at_us
FROM product_feed WHERE company_id = ? AND feed_id = ?;

-- name: FEED_INSERT
-- in: company_id, feed_id, name, url, every_h, created_at_us
-- out: nothing
-- rows: 0
INSERT INTO product_feed (company_id, feed_id, name, url, kind, every_h, state, error, problems, problem_count, product_count, gone_count,
  file_hash, job_id, created_at_us)
VALUES (?, ?, ?, ?, '', ?, 'waiting', '', '[]', 0, 0, 0, '', 0, ?);

-- name: FEED_JOB
-- in: job_id, company_id, feed_id
-- out: nothing
-- rows: 0..1
UPDATE product_feed SET job_id = ?, state = 'waiting' WHERE company_id = ? AND feed_id = ?;

-- name: FEED_RAN
-- in: kind, state, error, problems (JSON), problem_count, product_count, gone_count, file_hash, ran_at_us, next_at_us, company_id, feed_id, job_id
-- out: nothing
-- rows: 0..1
UPDATE product_feed SET kind = ?, state = ?, error = ?, problems = ?, problem_count = ?, product_count = ?, gone_count = ?, file_hash = ?,
  ran_at_us = ?, next_at_us = ?
WHERE company_id = ? AND feed_id = ? AND job_id = ?;

-- name: FEED_DELETE
-- in: company_id, feed_id
-- out: nothing
-- rows: 0..1
DELETE FROM product_feed WHERE company_id = ? AND feed_id = ?;

-- name: CATEGORY_DELETE
-- in: company_id, feed_id
-- out: nothing
-- rows: n
DELETE FROM product_category WHERE company_id = ? AND feed_id = ?;
