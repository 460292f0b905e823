INSERT INTO users (username, address_line_1) VALUES ('o{n}', 'old {u}');
UPDATE users SET address_line_1 = 'old {u}', address_line_2 = NULL WHERE id = {n};
UPDATE users SET username = 'r{n}' WHERE id = {n};
DELETE FROM users WHERE id = {n} + 10 AND id % 5 = 0;
SELECT id, address_line_1, address_line_2 FROM users WHERE id = {n};
