INSERT INTO items (label, kind, qty) VALUES ('a label of more than twenty', 'c', {n});
UPDATE items SET qty = qty - 1 WHERE id = {n};
