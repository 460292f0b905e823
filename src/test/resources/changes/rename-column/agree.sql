SELECT id FROM users WHERE NOT (CAST(email AS BINARY) <=> CAST(email_address AS BINARY));
