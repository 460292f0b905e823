INSERT INTO users (name, email) VALUES ('n{n}', 'old{u}@x');
INSERT INTO users (name, email, note) SELECT 's{n}', 'olds{u}@x', NULL;
UPDATE users SET email = 'Old{u}@x' WHERE id = {n};
UPDATE users SET note = 'o{u}' WHERE id = {n};
DELETE FROM users WHERE id = {n} + 20 AND id % 7 = 0;
SELECT id, name, email, note FROM users WHERE id = {n};
