ALTER TABLE shop.users ADD COLUMN a INT;
ALTER TABLE `shop` . `users` ADD FOREIGN KEY (a) REFERENCES shop.p (id);
ALTER TABLE other.users ADD COLUMN a INT;
CREATE VIEW v AS SELECT shop.users.email, 'shop.users' FROM shop.users JOIN other.x;
UPDATE users shop SET shop.a = 1 WHERE shop.b;
DROP TABLE a, other.b;
