INSERT INTO users (name, email_address) VALUES ('n{n}', 'New{u}@x');
INSERT INTO users (name, email_address) SELECT 's{n}', 'NewS{u}@x';
INSERT INTO users (name, email_address) VALUES ('a{n}', 'a{u}'), ('b{n}', 'B{u}');
UPDATE users SET email_address = UPPER(email_address) WHERE id = {n};
UPDATE users SET email_address = 'new{u}@x', note = 'both' WHERE id = {n};
SELECT id, email_address FROM users WHERE email_address = 'new{u}@x';
