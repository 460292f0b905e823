CREATE TABLE items (id INT AUTO_INCREMENT PRIMARY KEY, label VARCHAR(20) NOT NULL DEFAULT 'x', kind ENUM('a','b') NOT NULL, qty INT NOT NULL);
INSERT INTO items (label, kind, qty) VALUES ('one', 'a', 1), ('two', 'b', 2);
