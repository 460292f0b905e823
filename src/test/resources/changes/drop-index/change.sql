ALTER TABLE users DROP INDEX idx_email;
DROP INDEX uq_name ON users;
