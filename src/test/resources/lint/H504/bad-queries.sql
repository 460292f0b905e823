REPLACE INTO users (id, email) VALUES (?, ?);
REPLACE INTO roles (id) VALUES (?);
