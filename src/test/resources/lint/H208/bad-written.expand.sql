DROP INDEX idx_nick ON users;
