ALTER TABLE users ADD COLUMN mail VARCHAR(60) NULL;
CREATE TRIGGER users_mail BEFORE INSERT ON users FOR EACH ROW SET NEW.mail = NEW.email;
UPDATE users SET mail = email WHERE mail IS NULL;
CREATE INDEX idx_mail ON users (mail);
