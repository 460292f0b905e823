SELECT id FROM orders WHERE NOT (amount <=> amount_cents / 100) OR NOT (amount_cents <=> ROUND(amount * 100));
