CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, legacy_code INT);
INSERT INTO users VALUES (1, 'Ann', 5), (2, 'Bob', 6);
SELECT legacy_code FROM users WHERE id = 1
