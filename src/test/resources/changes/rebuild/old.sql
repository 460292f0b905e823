INSERT INTO items (label, qty) VALUES ('l{n}', {n});
UPDATE items SET qty = qty + 1 WHERE id = {n};
DELETE FROM items WHERE id = 40 + {n};
