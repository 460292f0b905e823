INSERT INTO items (code, part, title) VALUES ('n{u}', {u}, NULL);
INSERT INTO items (code, part) VALUES ('m{u}', {u});
UPDATE items SET title = 'N{u}' WHERE code = 'b';
UPDATE items SET title = NULL WHERE part = {n};
