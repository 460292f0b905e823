-- halcyon: allow H603 because no server has seen it yet
CREATE TABLE roles (id INT PRIMARY KEY);
