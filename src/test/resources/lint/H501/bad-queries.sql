SELECT * FROM users WHERE id = ?;
SELECT o.id, o.* FROM orders o;
