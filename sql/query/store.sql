-- Migrations.

-- name: MIGRATION_TABLE
-- in: nothing
-- out: nothing
-- rows: 0
-- platform: the schema belongs to nobody
CREATE TABLE IF NOT EXISTS migration (number INT NOT NULL PRIMARY KEY, name VARCHAR(100) NOT NULL, at_us BIGINT NOT NULL) ENGINE=InnoDB;

-- name: MIGRATION_BY_NUMBER
-- in: number
-- out: number
-- rows: 0..1
-- platform: the schema belongs to nobody
SELECT number FROM migration WHERE number = ?;

-- name: MIGRATION_DONE
-- in: number, name, at_us
-- out: nothing
-- rows: 0
-- platform: the schema belongs to nobody
INSERT INTO migration (number, name, at_us) VALUES (?, ?, ?);

-- name: MIGRATION_LOCK
-- in: nothing
-- out: 1 when we hold it
-- rows: 1
-- platform: the schema belongs to nobody
SELECT GET_LOCK(CONCAT('cxdp.migrate.', DATABASE()), 60);

-- name: MIGRATION_UNLOCK
-- in: nothing
-- out: 1
-- rows: 1
-- platform: the schema belongs to nobody
SELECT RELEASE_LOCK(CONCAT('cxdp.migrate.', DATABASE()));
