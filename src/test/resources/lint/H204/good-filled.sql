-- halcyon: fill users.options = JSON_OBJECT()
ALTER TABLE users ADD COLUMN options JSON NOT NULL;
