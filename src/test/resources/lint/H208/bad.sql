ALTER TABLE users DROP INDEX idx_nick;
