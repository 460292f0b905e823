SELECT id, email FROM mail WHERE id = {n};
