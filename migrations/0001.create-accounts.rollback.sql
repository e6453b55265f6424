DROP TABLE public.token_revocations;
DROP TABLE public.users;
DROP EXTENSION citext;
