ALTER TABLE users ADD COLUMN token CHAR(36) NOT NULL DEFAULT (UUID());
-- halcyon: allow H204 because this is about H401
