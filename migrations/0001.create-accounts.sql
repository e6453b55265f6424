-- Accounts and the tokens that end before their time.
-- depends:

CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;

CREATE TABLE public.users (
    id bigint PRIMARY KEY,
    email public.citext CONSTRAINT users_email_key UNIQUE,
    password_hash text,
    name text,
    date_of_birth date,
    role text NOT NULL DEFAULT 'customer',
    token_generation int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,
    CONSTRAINT users_email_length CHECK (length(email::text) <= 254),
    CONSTRAINT users_role_known CHECK (role IN ('customer', 'manager', 'admin')),
    CONSTRAINT users_erased_are_nameless CHECK (
        CASE WHEN erased_at IS NULL THEN email IS NOT NULL
        ELSE num_nonnulls(email, password_hash, name, date_of_birth) = 0 END
    )
);
COMMENT ON TABLE public.users IS
    'Accounts of customers and staff. An erased account keeps its row, so that its bookings stay.';
COMMENT ON COLUMN public.users.email IS 'Unique without regard to case; null once the account is erased.';
COMMENT ON COLUMN public.users.password_hash IS 'Argon2id, in its encoded form with salt and parameters.';
COMMENT ON COLUMN public.users.token_generation IS 'Tokens carry it; raising it ends those issued before.';

CREATE TABLE public.token_revocations (
    jti uuid,
    user_id bigint NOT NULL REFERENCES public.users (id) ON DELETE CASCADE,
    generation int,
    spared_jti uuid,
    revoked_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT token_revocations_name_one_thing CHECK (num_nonnulls(jti, generation) = 1),
    CONSTRAINT token_revocations_spare_of_a_generation CHECK (spared_jti IS NULL OR generation IS NOT NULL)
);
CREATE INDEX token_revocations_by_time ON public.token_revocations (revoked_at);
COMMENT ON TABLE public.token_revocations IS
    'Tokens ended before they expire; of no use once the longest-lived token of the time has expired.';
COMMENT ON COLUMN public.token_revocations.jti IS 'The one token that ended.';
COMMENT ON COLUMN public.token_revocations.generation IS
    'Every token of the user with a lower generation ended.';
COMMENT ON COLUMN public.token_revocations.spared_jti IS 'The token that a generation''s end leaves alive.';
