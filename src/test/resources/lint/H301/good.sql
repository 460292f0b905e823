-- halcyon: phase contract
UPDATE users SET nick = NULL WHERE nick = '';
