-- halcyon: gate unused=7d
CREATE TABLE profiles (id INT AUTO_INCREMENT PRIMARY KEY, user_id INT UNSIGNED NOT NULL, nick VARCHAR(40), KEY (user_id));
ALTER TABLE users DROP COLUMN nick;
