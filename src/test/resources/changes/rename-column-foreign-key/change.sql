ALTER TABLE people RENAME COLUMN team TO team_id;
