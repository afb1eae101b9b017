-- Besides orders.sql: the tables of docs/connectors/jdbc-recipes.md, and their first rows.
INSERT INTO orders (customer, email, price) VALUES
    ('Ada', 'ada@example.com', 9.50),
    ('Grace', 'grace@example.com', 7.25),
    ('Ada', 'ada@example.com', 99.00);

CREATE TABLE customers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL UNIQUE,
    country    text NOT NULL,
    deleted_at timestamptz,
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

INSERT INTO customers (name, country) VALUES ('Ada', 'GB'), ('Grace', 'US');

-- For changes-into-table.json: events without schemas say no types to make a table of.
CREATE TABLE orders_now (id bigint PRIMARY KEY, customer text, email text, price numeric(10, 2), updated_at timestamptz);

-- For dead-letters.json: what does not pass the constraint is set aside.
CREATE TABLE cheap_orders (id bigint PRIMARY KEY, customer text, email text, price numeric(10, 2) CHECK (price < 10), updated_at timestamptz);
