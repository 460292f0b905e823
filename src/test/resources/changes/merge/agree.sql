SELECT u.id FROM users u LEFT JOIN addresses a ON a.user_id = u.id WHERE NOT (CAST(u.address AS BINARY) <=> CAST(a.line AS BINARY));
