-- halcyon: phase expand
UPDATE users SET status = 'active' WHERE status = 'new' AND nick = 'x';
