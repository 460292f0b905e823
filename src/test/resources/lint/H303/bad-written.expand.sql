DELETE FROM users WHERE status = 'gone';
