ALTER TABLE users ADD CONSTRAINT positive CHECK (amount >= 0), ADD CONSTRAINT by_user FOREIGN KEY (nick) REFERENCES nicks (nick);
