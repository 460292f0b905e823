-- halcyon: gate unused=7d
CREATE OR REPLACE VIEW contacts AS SELECT id, email FROM users;
ALTER TABLE users DROP COLUMN nick;
