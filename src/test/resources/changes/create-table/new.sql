INSERT INTO logins (user_id, at) SELECT id, NOW(3) FROM users WHERE id = {n};
