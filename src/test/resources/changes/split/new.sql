INSERT INTO users (username) VALUES ('n{n}');
INSERT INTO addresses (user_id, address_line_1) VALUES (1 + {n} % 3, 'new {u}');
UPDATE addresses SET address_line_1 = 'New {u}' WHERE user_id = {n};
DELETE FROM addresses WHERE user_id = {n} AND address_line_1 LIKE '%7';
SELECT id, address_line_1 FROM addresses WHERE user_id = {n};
