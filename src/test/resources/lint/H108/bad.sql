ALTER TABLE users ADD UNIQUE KEY uq_email (email);
