ALTER TABLE users ADD COLUMN city_id INT, ADD INDEX (city_id);
