-- halcyon: phase expand
UPDATE users SET legacy_code = LEFT(UUID(), 8) WHERE id < 10;
