INSERT INTO users (name, email) VALUES ('admin', 'admin@example.org');
UPDATE users SET note = CONCAT('seen ', name) WHERE note IS NULL AND name <> 'nobody';
DELETE FROM users WHERE name = 'eve';
