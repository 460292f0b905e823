UPDATE users SET nick = NULL WHERE id = ?;
DELETE FROM users WHERE id BETWEEN ? AND ?;
