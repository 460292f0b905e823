ALTER TABLE users ADD COLUMN locale VARCHAR(8) NOT NULL;
alter table `users`
  add nick varchar(20) default 'a, b;' -- kept short
    comment 'it''s (', add column if not exists `to` INT FIRST,
  ADD COLUMN price DECIMAL(10,2) /* cents */ DEFAULT (1 + 2) AFTER `ni``ck`,
  ADD (a INT, b ENUM('x,y',')') NOT NULL, KEY idx_a (a), CHECK (a > 0));
