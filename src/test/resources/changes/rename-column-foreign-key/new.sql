INSERT INTO people (team_id) VALUES (1 + {n} % 3);
UPDATE people SET team_id = 1 + {n} % 2 WHERE id = {n};
UPDATE people SET team_id = NULL WHERE id = {n};
