-- halcyon: gate unused=7d
ALTER TABLE users DROP COLUMN legacy_code;
