CREATE TRIGGER users_au AFTER UPDATE ON users FOR EACH ROW
BEGIN
  IF @in_sync IS NULL THEN
    SET @in_sync = 1;
    UPDATE addresses SET city = NEW.city WHERE user_id = NEW.id;
    SET @in_sync = NULL;
  END IF;
END;
