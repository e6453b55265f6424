DROP TABLE public.password_resets;
