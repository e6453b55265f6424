-- Which process mints ids under which node number.
-- depends:

CREATE TABLE public.node_leases (
    node int PRIMARY KEY,
    holder uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    last_ms bigint NOT NULL DEFAULT 0,
    CONSTRAINT node_leases_node_possible CHECK (node BETWEEN 0 AND 1023)
);
COMMENT ON TABLE public.node_leases IS
    'Node numbers of running processes: the ten bits of a snowflake that keep two of them from minting the same.';
COMMENT ON COLUMN public.node_leases.last_ms IS
    'The last millisecond for which the holder minted: the next holder starts after it.';
