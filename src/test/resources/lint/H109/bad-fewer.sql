ALTER TABLE users MODIFY status ENUM('new', 'active') NOT NULL DEFAULT 'new';
