SELECT id, email FROM users;
SELECT COUNT(*), amount * 2 FROM orders WHERE EXISTS (SELECT * FROM users);
