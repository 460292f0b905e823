SELECT code FROM items WHERE NOT (CAST(label AS BINARY) <=> CAST(title AS BINARY));
