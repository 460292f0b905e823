-- halcyon: allow H208 because nobody reads by it, says the digest of a month
ALTER TABLE users DROP INDEX idx_nick;
