-- halcyon: fill users.locale = 'en'
ALTER TABLE users ADD COLUMN locale VARCHAR(8) NOT NULL;
