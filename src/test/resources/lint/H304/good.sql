INSERT INTO profiles (user_id, nick) VALUES (1, 'root');
