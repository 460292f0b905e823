ALTER TABLE users CHANGE nick nickname VARCHAR(40);
