CREATE TABLE users (
  id INT AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(40) NOT NULL,
  email VARCHAR(60) NOT NULL,
  note VARCHAR(100) NULL,
  updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
);
INSERT INTO users (name, email, note) VALUES
  ('Ann', 'Ann@Example.org', NULL), ('bob', 'bob@example.org', 'first'), ('Zoë', 'zoë@example.org', 'ü'),
  ('dan', '', 'empty mail'), ('eve', 'eve ', 'blank at the end');
