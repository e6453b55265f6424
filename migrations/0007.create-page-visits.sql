-- What clients track.
-- depends: 0001.create-accounts

CREATE TABLE public.page_visits (
    id bigint PRIMARY KEY,
    tracking_id text NOT NULL,
    type text NOT NULL,
    scheme text NOT NULL,
    path text NOT NULL,
    query jsonb NOT NULL,
    user_id bigint REFERENCES public.users (id) ON DELETE SET NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT page_visits_type_known CHECK (type IN ('page_enter', 'page_exit')),
    CONSTRAINT page_visits_query_is_map CHECK (jsonb_typeof(query) = 'object')
);
CREATE INDEX page_visits_by_time ON public.page_visits (received_at);
CREATE INDEX page_visits_of_user ON public.page_visits (user_id) WHERE user_id IS NOT NULL;
COMMENT ON TABLE public.page_visits IS
    'Pages entered and left, as clients report them. Erasing an account unlinks its rows.';
COMMENT ON COLUMN public.page_visits.tracking_id IS 'Chosen by the client; one visitor''s rows share it.';
COMMENT ON COLUMN public.page_visits.query IS 'Parameter names to a value, or a list of values.';
