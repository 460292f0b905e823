INSERT INTO users (username) VALUES ('o{n}');
INSERT INTO addresses (user_id, line) VALUES (1 + {n} % 3, 'old {u}') ON DUPLICATE KEY UPDATE line = 'old {u}';
UPDATE addresses SET line = 'Old {u}' WHERE user_id = {n};
SELECT id, line FROM addresses WHERE user_id = {n};
