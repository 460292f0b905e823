SELECT id FROM users WHERE id = {n};
