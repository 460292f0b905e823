-- halcyon: fill users.legacy_code = 'none'
ALTER TABLE users DROP COLUMN legacy, DROP COLUMN legacy_code;
