UPDATE users SET note = 'x' WHERE note IS NULL;
