INSERT INTO people (team) VALUES (1 + {n} % 3);
UPDATE people SET team = 1 + {n} % 2 WHERE id = {n};
UPDATE people SET team = NULL WHERE id = {n};
INSERT INTO teams VALUES (100 + {u});
