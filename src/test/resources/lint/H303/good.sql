-- halcyon: phase contract
UPDATE users SET status = 'gone' WHERE email = '';
