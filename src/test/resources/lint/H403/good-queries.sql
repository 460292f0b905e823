DELETE FROM users WHERE status = 'gone' ORDER BY id LIMIT 100;
SELECT id FROM users LIMIT 1;
