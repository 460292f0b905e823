INSERT INTO gone (v) VALUES ({n});
INSERT INTO kept (v) VALUES ({n});
