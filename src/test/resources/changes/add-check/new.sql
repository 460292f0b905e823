UPDATE items SET qty = qty + 1 WHERE id = {n};
