INSERT INTO users (name, email) VALUES ('n{n}', 'n{u}');
INSERT INTO users (name, email) SELECT 's{n}', 'n{u}';
UPDATE users SET email = 'x{u}' WHERE id = {n};
