ALTER TABLE users MODIFY status ENUM('active', 'new', 'gone') NOT NULL DEFAULT 'new';
