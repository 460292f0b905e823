-- halcyon: fill users.note = CONCAT('by ', name)
ALTER TABLE users MODIFY note VARCHAR(100) NOT NULL;
