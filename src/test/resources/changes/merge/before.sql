CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, username VARCHAR(20) NOT NULL);
INSERT INTO users (username) VALUES ('a'), ('b'), ('c');
CREATE TABLE addresses (id INT AUTO_INCREMENT PRIMARY KEY, user_id INT NOT NULL, line VARCHAR(100), UNIQUE KEY (user_id), CONSTRAINT fk_addresses FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);
INSERT INTO addresses (user_id, line) VALUES (1, '1 High St'), (3, NULL);
