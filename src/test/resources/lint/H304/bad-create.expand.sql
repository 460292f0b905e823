CREATE TABLE copy AS SELECT id, nick FROM users;
