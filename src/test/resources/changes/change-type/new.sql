INSERT INTO orders (amount) VALUES ({n}.25);
UPDATE orders SET amount = amount + 0.01 WHERE id = {n};
