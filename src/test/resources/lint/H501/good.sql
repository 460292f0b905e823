CREATE VIEW contacts AS SELECT id, email FROM users;
