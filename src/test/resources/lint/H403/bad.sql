DELETE FROM users WHERE status = 'gone' LIMIT 100;
