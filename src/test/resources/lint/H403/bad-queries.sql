DELETE FROM users WHERE status = 'gone' LIMIT 100;
UPDATE users SET nick = NULL LIMIT 1;
