INSERT INTO people (team) VALUES (1 + {n} % 3);
UPDATE people SET team = NULL WHERE id = {n};
