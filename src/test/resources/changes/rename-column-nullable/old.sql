INSERT INTO items (code, part, label) VALUES ('o{u}', {u}, 'l{u}');
INSERT INTO items (code, part) VALUES ('p{u}', {u});
UPDATE items SET label = NULL WHERE part = {n};
UPDATE items SET label = 'c{u}' WHERE code = 'a';
