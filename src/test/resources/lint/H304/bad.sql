INSERT INTO profiles (user_id, nick)
  SELECT id, nick FROM users WHERE nick IS NOT NULL;
