INSERT INTO orders (amount_cents) VALUES ({u});
UPDATE orders SET amount_cents = amount_cents + {n} WHERE id = {n};
UPDATE orders SET paid = 1 - paid WHERE id = {n};
