SELECT id FROM users WHERE locale = '';
