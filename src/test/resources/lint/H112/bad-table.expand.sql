CREATE TRIGGER users_ai AFTER INSERT ON users FOR EACH ROW
  INSERT INTO audits (user_id, email)
    SELECT u.id, u.email FROM user u WHERE u.id = NEW.id;
