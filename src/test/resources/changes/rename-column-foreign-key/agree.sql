SELECT id FROM people WHERE NOT (team <=> team_id);
