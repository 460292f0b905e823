CREATE TRIGGER users_au AFTER UPDATE ON users FOR EACH ROW
BEGIN
  IF NOT (@in_sync <=> NOW(6)) THEN
    SET @in_sync = NOW(6);
    UPDATE addresses SET city = NEW.city WHERE user_id = NEW.id;
    SET @in_sync = NULL;
  END IF;
END;
