-- Database shop's table orders, which the jdbc examples read, and its first rows. README.md beside this says how to run it.
CREATE TABLE IF NOT EXISTS orders (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer   text NOT NULL,
    email      text NOT NULL,
    price      numeric(10, 2) NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

INSERT INTO orders (customer, email, price) VALUES
    ('Ada', 'ada@example.com', 12.50),
    ('Grace', 'grace@example.com', 7.25),
    ('Barbara', 'barbara@example.com', 99.00);
