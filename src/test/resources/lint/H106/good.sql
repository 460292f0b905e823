-- halcyon: fill users.nick = ''
ALTER TABLE users MODIFY nick VARCHAR(40) NOT NULL;
