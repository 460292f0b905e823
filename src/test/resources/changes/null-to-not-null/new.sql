INSERT INTO users (name, email, note) VALUES ('n{n}', 'new{u}@x', 'given');
UPDATE users SET note = 'n{u}' WHERE id = {n};
