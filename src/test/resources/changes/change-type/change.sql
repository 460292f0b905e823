-- halcyon: map orders.amount_cents -> amount up="amount_cents / 100" down="ROUND(amount * 100)"
ALTER TABLE orders CHANGE amount_cents amount DECIMAL(12,2) NOT NULL;
