INSERT INTO items (d) VALUES ({n});
UPDATE items SET a = {n} WHERE id = {n};
