INSERT INTO items (label, kind, qty) VALUES ('l{n}', 'b', {n});
UPDATE items SET qty = qty + 1 WHERE id = {n};
