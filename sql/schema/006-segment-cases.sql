-- Cases kept beside a segment's rule.

ALTER TABLE segment ADD COLUMN IF NOT EXISTS cases TEXT NOT NULL DEFAULT '';
