DELETE FROM sessions WHERE ended < '2020-01-01';
