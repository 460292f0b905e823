INSERT INTO users (id, email) VALUES (?, ?);
INSERT INTO roles SET id = ?, name = ?;
