CREATE TABLE events LIKE log;
