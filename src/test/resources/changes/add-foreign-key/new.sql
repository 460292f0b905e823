INSERT INTO people (team) VALUES (1 + {n} % 3);
