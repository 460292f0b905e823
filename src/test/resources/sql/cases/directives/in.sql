-- halcyon: fill users.locale = 'en'
-- halcyon: fill `odd table`.`a``b` = CONCAT(x, ' ', `y`)
-- halcyon: map orders.amount_cents -> amount up="amount_cents / 100" down="ROUND(amount * 100)"
--   Halcyon :  map orders.a -> orders.b down='IF(b = ''x'', 1, 2)'  up="CONCAT(""q"", a)"
-- halcyon: split users(address_line_1, address_line_2) -> addresses by user_id keep=first
-- halcyon: split users (a, `b c`) -> addresses (x, y) by `user id`
-- halcyon: merge addresses(a, b) -> users by user_id keep=first
-- halcyon: merge addresses(x) -> users(y) by user_id
-- halcyon: gate unused=7d
-- halcyon: gate open=36h unused = 90m
-- halcyon: gate open=30s
-- halcyon: phase contract
-- halcyon: phase EXPAND
-- halcyon: allow H208 because nobody reads by it
-- halcyon is a nice tool
INSERT INTO t VALUES ('
-- halcyon: nothing here
');
