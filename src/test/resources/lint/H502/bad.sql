INSERT INTO roles VALUES (1, 'admin');
