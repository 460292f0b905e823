CREATE VIEW mail AS SELECT id, email FROM users WHERE note IS NOT NULL;
