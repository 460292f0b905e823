CREATE TRIGGER users_ai AFTER INSERT ON users FOR EACH ROW
  INSERT INTO audit (user_id, email) VALUES (NEW.id, NEW.email);
CREATE TRIGGER audit_bi BEFORE INSERT ON audit FOR EACH ROW
BEGIN
  DECLARE found VARCHAR(100);
  SELECT email INTO found FROM users WHERE id = NEW.user_id FOR UPDATE;
  SET NEW.email = COALESCE(NEW.email, found);
END;
