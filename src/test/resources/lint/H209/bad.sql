CREATE TABLE logins (
  id BIGINT AUTO_INCREMENT PRIMARY KEY,
  user_id INT NOT NULL,
  email VARCHAR(100),
  FOREIGN KEY (user_id) REFERENCES users (id),
  FOREIGN KEY (email) REFERENCES users (email)
);
