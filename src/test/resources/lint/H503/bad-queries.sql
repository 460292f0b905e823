SELECT u.id, u.legacy_code FROM users u WHERE u.id = ?;
UPDATE users SET nick = ? WHERE id = ?;
SELECT id FROM audit;
