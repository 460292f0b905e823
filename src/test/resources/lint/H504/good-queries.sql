INSERT INTO users (id, email) VALUES (?, ?) ON DUPLICATE KEY UPDATE email = VALUES(email);
SELECT REPLACE(email, 'a', 'b') FROM users;
