INSERT INTO users (id, email, legacy_code) VALUES (?, ?, UUID());
