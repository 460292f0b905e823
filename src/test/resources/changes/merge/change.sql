-- halcyon: merge addresses(line) -> users(address) by user_id keep=first
ALTER TABLE users ADD COLUMN address VARCHAR(100);
DROP TABLE addresses;
