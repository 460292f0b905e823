-- halcyon: phase expand
DELETE FROM users WHERE email = '';
