SELECT id, mail FROM users WHERE id = {n};
