CREATE TRIGGER users_ai AFTER INSERT ON users FOR EACH ROW
  INSERT INTO audit (user_id, email) VALUES (NEW.id, NEW.mail);
