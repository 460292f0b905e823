SELECT id FROM users WHERE NOT (CAST(email AS BINARY) <=> CAST(email_address AS BINARY));
SELECT id FROM users WHERE id > 5 AND note IS NULL AND name LIKE 'n%' AND updated_at IS NULL;
