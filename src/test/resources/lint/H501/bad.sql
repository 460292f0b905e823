CREATE VIEW contacts AS SELECT * FROM users;
