-- halcyon: map users.amount -> cents up="amount * 100" down="cents / 100"
ALTER TABLE users ADD COLUMN cents BIGINT NOT NULL, DROP COLUMN amount;
