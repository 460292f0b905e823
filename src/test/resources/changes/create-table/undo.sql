DELETE FROM logins;
