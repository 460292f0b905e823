-- halcyon: phase contract
UPDATE users SET nick = NULL;
DELETE FROM users;
