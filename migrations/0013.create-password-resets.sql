-- Tokens with which a forgotten password is replaced.
-- depends: 0012.create-jobs

CREATE TABLE public.password_resets (
    token_hash bytea PRIMARY KEY,
    user_id bigint NOT NULL CONSTRAINT password_resets_user_id_fkey REFERENCES public.users (id) ON DELETE CASCADE,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT password_resets_token_hash_sha256 CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX password_resets_of_user ON public.password_resets (user_id);
CREATE INDEX password_resets_by_end ON public.password_resets (expires_at);
COMMENT ON TABLE public.password_resets IS
    'Tokens sent by e-mail, each good for one new password. A new password ends all of its user''s.';
COMMENT ON COLUMN public.password_resets.token_hash IS 'SHA-256: the token itself is in the e-mail alone.';
COMMENT ON COLUMN public.password_resets.used_at IS 'Set once it, or another one of the user''s, was used.';
