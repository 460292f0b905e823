-- halcyon: gate unused=7d
DROP TABLE users;
