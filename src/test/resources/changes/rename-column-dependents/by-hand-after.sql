CREATE OR REPLACE VIEW mail AS SELECT u.id, u.email_address AS email, CONCAT(u.name, ' <', u.email_address, '>') AS full FROM users u WHERE u.email_address <> '';
DROP TRIGGER users_lower;
DROP TRIGGER users_second;
DROP TRIGGER users_audit;
CREATE TRIGGER users_lower BEFORE INSERT ON users FOR EACH ROW SET NEW.`email_address` = LOWER(NEW.`email_address`);
CREATE TRIGGER users_second BEFORE INSERT ON users FOR EACH ROW SET NEW.note = COALESCE(NEW.note, CONCAT('mail ', NEW.`email_address`));
CREATE TRIGGER users_audit AFTER UPDATE ON users FOR EACH ROW INSERT INTO audit (text) VALUES (CONCAT(OLD.`email_address`, ' to ', NEW.`email_address`));
