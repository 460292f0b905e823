ALTER TABLE users MODIFY amount DECIMAL(12,2) NOT NULL DEFAULT 0;
-- halcyon: allow H201 because the table is small
