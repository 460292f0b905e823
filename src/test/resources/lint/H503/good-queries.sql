SELECT u.id, u.nickname FROM users u WHERE u.id = ?;
SELECT legacy_code FROM orders;
