DELETE FROM items WHERE kind = 'c' OR CHAR_LENGTH(label) > 20;
