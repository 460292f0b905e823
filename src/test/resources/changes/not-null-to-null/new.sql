INSERT INTO users (email) VALUES ('new{u}@x');
INSERT INTO users (email, name) VALUES ('new{u}@x', NULL);
