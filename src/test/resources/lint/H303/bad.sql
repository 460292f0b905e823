UPDATE users SET status = 'gone' WHERE email = '';
