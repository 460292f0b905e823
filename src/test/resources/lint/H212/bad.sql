ALTER TABLE users ADD COLUMN locale VARCHAR(8) AFTER email;
-- halcyon: allow H404 because there is no pair
