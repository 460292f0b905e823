INSERT INTO items (label, qty) VALUES ('n', 5000000000 + {n});
UPDATE items SET qty = qty - 1 WHERE id = {n};
