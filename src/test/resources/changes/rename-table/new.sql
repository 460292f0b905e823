INSERT INTO accounts (name, email) VALUES ('n{n}', 'new{u}@x');
UPDATE accounts SET email = 'N{u}' WHERE id = {n};
DELETE FROM accounts WHERE id = {n} + 20 AND id % 11 = 0;
SELECT id, email FROM accounts WHERE id = {n};
SELECT id, email FROM mail WHERE id = {n};
