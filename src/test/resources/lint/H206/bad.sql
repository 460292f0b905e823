CREATE TABLE events (what VARCHAR(40), at DATETIME, UNIQUE (what));
