INSERT INTO users (name, email) VALUES ('n{n}', 'old{u}@x');
UPDATE users SET email = 'o{u}@x' WHERE id = {n};
