DROP TABLE public.node_leases;
