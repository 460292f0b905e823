UPDATE items SET qty = qty + 1 WHERE id = {n};
DELETE FROM items WHERE id = 30 + {n};
UPDATE items SET label = 'o{n}' WHERE id = {n};
