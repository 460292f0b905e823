INSERT INTO items (qty) VALUES ({n});
