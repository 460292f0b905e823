INSERT INTO users (name, email) VALUES ('n{n}', 'new{u}@x') ON DUPLICATE KEY UPDATE note = 'again';
