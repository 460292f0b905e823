INSERT INTO items (label, qty) VALUES ('l{n}', {n});
UPDATE items SET qty = {n} WHERE id = {n};
