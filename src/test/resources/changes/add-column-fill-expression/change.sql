-- halcyon: fill users.slug = LOWER(CONCAT(name, '-', COALESCE(note, 'none')))
ALTER TABLE users ADD COLUMN slug VARCHAR(160) NOT NULL;
