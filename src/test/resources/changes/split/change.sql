-- halcyon: split users(address_line_1, address_line_2) -> addresses by user_id keep=first
CREATE TABLE addresses (id INT AUTO_INCREMENT PRIMARY KEY, user_id INT NOT NULL, address_line_1 VARCHAR(100), address_line_2 VARCHAR(100), KEY (user_id), CONSTRAINT fk_addresses FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE);
ALTER TABLE users DROP COLUMN address_line_1, DROP COLUMN address_line_2;
