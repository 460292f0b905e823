CREATE TABLE users (
  id INT AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(40) NOT NULL,
  email VARCHAR(60) NOT NULL,
  note VARCHAR(100) NULL, legacy INT NOT NULL DEFAULT 3, legacy_code CHAR(4) NOT NULL, KEY idx_legacy (legacy_code),
  updated_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
);
INSERT INTO users (legacy_code, name, email, note) VALUES
  ('c', 'Ann', 'Ann@Example.org', NULL), ('c', 'bob', 'bob@example.org', 'first'), ('c', 'Zoë', 'zoë@example.org', 'ü'),
  ('c', 'dan', '', 'empty mail'), ('c', 'eve', 'eve ', 'blank at the end');
