ALTER TABLE items ADD CONSTRAINT positive CHECK (qty > 0);
