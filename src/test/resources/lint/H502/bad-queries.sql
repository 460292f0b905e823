INSERT INTO users VALUES (?, ?);
INSERT IGNORE INTO roles SELECT id, name FROM old_roles;
