INSERT INTO items (b) VALUES ({n});
