CREATE INDEX idx_email ON users (email) ALGORITHM = DEFAULT;
