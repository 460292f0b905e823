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
CREATE VIEW mail AS SELECT u.id, u.email, CONCAT(u.name, ' <', u.email, '>') AS full FROM users u WHERE u.email <> '';
CREATE TABLE audit (id INT AUTO_INCREMENT PRIMARY KEY, text VARCHAR(200));
CREATE TRIGGER users_lower BEFORE INSERT ON users FOR EACH ROW SET NEW.email = LOWER(NEW.email);
CREATE TRIGGER users_second BEFORE INSERT ON users FOR EACH ROW SET NEW.note = COALESCE(NEW.note, CONCAT('mail ', NEW.email));
CREATE TRIGGER users_audit AFTER UPDATE ON users FOR EACH ROW INSERT INTO audit (text) VALUES (CONCAT(OLD.email, ' to ', NEW.email));
