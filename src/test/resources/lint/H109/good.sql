ALTER TABLE users MODIFY status ENUM('new', 'active', 'gone', 'banned') NOT NULL DEFAULT 'new';
