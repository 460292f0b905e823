ALTER TABLE users ADD INDEX (amount);
