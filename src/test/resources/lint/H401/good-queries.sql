INSERT INTO users (id, email, nick) VALUES (?, ?, NOW());
SELECT UUID();
