-- halcyon: gate open=1d
ALTER TABLE users MODIFY amount BIGINT NOT NULL DEFAULT 0;
-- halcyon: allow H201 because the table is small
