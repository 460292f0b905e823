INSERT INTO kept (v) VALUES ({n});
