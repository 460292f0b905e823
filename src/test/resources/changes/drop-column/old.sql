INSERT INTO users (name, email, legacy_code) VALUES ('n{n}', 'o{u}', 'abcd');
UPDATE users SET legacy = {n}, legacy_code = 'efgh' WHERE id = {n};
SELECT id, legacy, legacy_code FROM users WHERE id = {n};
