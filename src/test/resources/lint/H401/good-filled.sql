-- halcyon: fill users.token = UUID()
ALTER TABLE users ADD COLUMN token CHAR(36) NOT NULL;
