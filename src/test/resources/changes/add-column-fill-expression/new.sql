INSERT INTO users (name, email, slug) VALUES ('n{n}', 'new{u}@x', 'slug{u}');
UPDATE users SET slug = 'changed{u}' WHERE id = {n};
