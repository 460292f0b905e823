CREATE TABLE items (code VARBINARY(20) NOT NULL, part INT NOT NULL, label VARCHAR(30) DEFAULT 'none', PRIMARY KEY (code, part), UNIQUE KEY uq_label_part (label, part));
INSERT INTO items VALUES ('a', 1, 'x'), (0xab00, 2, NULL), ('b', -3, 'none'), ('', 4, '');
