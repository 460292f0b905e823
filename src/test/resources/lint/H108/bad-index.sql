CREATE UNIQUE INDEX uq_email ON users (email, nick);
