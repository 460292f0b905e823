INSERT INTO items (label, qty) VALUES ('n{n}', {n});
