INSERT INTO users SET id = 1, email = 'admin@example.org';
