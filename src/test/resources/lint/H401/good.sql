-- halcyon: phase expand
UPDATE users SET legacy_code = 'x', amount = RAND(), nick = NOW() WHERE id < 10;
