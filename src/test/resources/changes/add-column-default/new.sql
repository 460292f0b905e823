INSERT INTO users (name, email, locale, score) VALUES ('n{n}', 'new{u}@x', 'de', NULL);
UPDATE users SET locale = 'fr', score = {n} WHERE id = {n};
