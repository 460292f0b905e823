CREATE OR REPLACE VIEW mail AS SELECT u.id, u.email FROM accounts AS u;
