INSERT INTO users (username, address) VALUES ('n{n}', 'new {u}');
UPDATE users SET address = 'New {u}' WHERE id = {n};
UPDATE users SET username = 'r{n}' WHERE id = {n};
SELECT id, address FROM users WHERE id = {n};
