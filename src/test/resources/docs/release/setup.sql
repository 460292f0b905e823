CREATE TABLE users (
  id INT AUTO_INCREMENT PRIMARY KEY,
  username VARCHAR(20) NOT NULL,
  email VARCHAR(100)
) ENGINE=InnoDB;
INSERT INTO users (username, email) VALUES ('ann', 'ann@example.com'), ('bob', NULL);
