CREATE TABLE users (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  email VARCHAR(100) NOT NULL,
  nick VARCHAR(40),
  status ENUM('new', 'active', 'gone') NOT NULL DEFAULT 'new',
  legacy_code CHAR(8),
  amount DECIMAL(10,2) NOT NULL DEFAULT 0,
  KEY idx_nick (nick)
);
