ALTER TABLE users RENAME COLUMN email TO email_address, RENAME INDEX a TO b, RENAME KEY c TO d;
ALTER TABLE users RENAME TO people;
ALTER TABLE users RENAME people;
RENAME TABLE users TO people;
RENAME TABLE a TO b, b TO c;
RENAME USER a TO b;
