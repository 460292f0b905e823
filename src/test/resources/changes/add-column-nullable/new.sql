INSERT INTO users (name, email, locale) VALUES ('n{n}', 'new{u}@x', 'de');
UPDATE users SET locale = 'fr' WHERE id = {n};
SELECT id, locale FROM users WHERE id = {n};
