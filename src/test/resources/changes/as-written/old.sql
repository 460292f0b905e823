INSERT INTO users (name, email) VALUES ('n{n}', 'o{u}');
