CREATE VIEW accounts AS SELECT id, email, nick FROM users;
