INSERT INTO users (name, email_address) VALUES ('n{n}', 'New{u}@X');
UPDATE users SET email_address = 'New{u}@x' WHERE id = {n};
SELECT id, email, full FROM mail WHERE id = {n};
