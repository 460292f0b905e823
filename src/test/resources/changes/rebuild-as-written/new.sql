INSERT INTO items (label, qty) VALUES ('n', {n});
UPDATE items SET qty = qty - 1 WHERE id = {n};
