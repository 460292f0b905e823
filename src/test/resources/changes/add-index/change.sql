CREATE INDEX idx_email ON users (email);
ALTER TABLE users ADD INDEX idx_name_note (name DESC, note(10));
