-- halcyon: gate unused=7d
ALTER TABLE users DROP COLUMN nick, ADD COLUMN nickname VARCHAR(40);
