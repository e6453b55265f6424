-- Idempotency keys that commit with what was done under them: those in Redis can be lost, and the answer with them.
-- depends: 0017.number-seats

CREATE TABLE public.idempotency_keys (
    user_id bigint NOT NULL CONSTRAINT idempotency_keys_user_id_fkey REFERENCES public.users (id),
    digest text NOT NULL,
    fingerprint text NOT NULL,
    used_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, digest)
);
CREATE INDEX idempotency_keys_by_use ON public.idempotency_keys (used_at);
COMMENT ON TABLE public.idempotency_keys IS
    'The idempotency keys of requests that would do harm when done twice, written by the transactions that do them.';
COMMENT ON COLUMN public.idempotency_keys.digest IS 'Of the key, as in Redis, which has the answers.';
COMMENT ON COLUMN public.idempotency_keys.fingerprint IS 'The digest of the request that came under the key.';
