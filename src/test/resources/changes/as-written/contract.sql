DROP TRIGGER users_mail;
ALTER TABLE users DROP COLUMN email;
