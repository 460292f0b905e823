CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, username VARCHAR(20) NOT NULL, address_line_1 VARCHAR(100), address_line_2 VARCHAR(100));
INSERT INTO users (username, address_line_1, address_line_2) VALUES ('a', '1 High St', NULL), ('b', NULL, NULL), ('c', '3 Low Rd', 'Flat 2');
