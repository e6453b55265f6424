-- Events, and the tickets that were booked for them. A ticket that is only held lives in Redis.
-- depends: 0010.create-saved-movies

CREATE TABLE public.events (
    id uuid PRIMARY KEY,
    pool bigint NOT NULL CONSTRAINT events_pool_key UNIQUE
        CONSTRAINT events_pool_fkey REFERENCES public.inventory (id),
    name text NOT NULL,
    starts_at timestamptz NOT NULL,
    address text NOT NULL,
    description text NOT NULL,
    latitude double precision,
    longitude double precision,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- Of an infinite moment the rest is not a number, which is not 0.
    CONSTRAINT events_starts_at_whole_second CHECK (mod(extract(epoch FROM starts_at), 1) = 0),
    CONSTRAINT events_latitude_possible CHECK (latitude BETWEEN -90 AND 90),
    CONSTRAINT events_longitude_possible CHECK (longitude BETWEEN -180 AND 180)
);
CREATE INDEX events_by_start ON public.events (starts_at, id);
COMMENT ON TABLE public.events IS
    'What the ticketing API sells: the seats of one pool, whose sales end when the event starts.';
COMMENT ON COLUMN public.events.id IS 'A UUID of version 7.';
COMMENT ON COLUMN public.events.pool IS 'Its row of inventory, with the seat count and the tickets booked.';

CREATE TABLE public.ticket_bookings (
    id bigint PRIMARY KEY,
    event_id uuid NOT NULL CONSTRAINT ticket_bookings_event_id_fkey REFERENCES public.events (id) ON DELETE CASCADE,
    user_id bigint NOT NULL CONSTRAINT ticket_bookings_user_id_fkey REFERENCES public.users (id),
    booked_at timestamptz NOT NULL
);
CREATE INDEX ticket_bookings_of_user ON public.ticket_bookings (user_id, id DESC);
CREATE INDEX ticket_bookings_of_event ON public.ticket_bookings (event_id);
COMMENT ON TABLE public.ticket_bookings IS 'What one call booked of one event.';

CREATE TABLE public.tickets (
    id uuid PRIMARY KEY,
    booking_id bigint NOT NULL
        CONSTRAINT tickets_booking_id_fkey REFERENCES public.ticket_bookings (id) ON DELETE CASCADE,
    event_id uuid NOT NULL,
    user_id bigint NOT NULL,
    booked_at timestamptz NOT NULL,
    cancelled_at timestamptz
);
CREATE INDEX tickets_of_booking ON public.tickets (booking_id);
CREATE INDEX tickets_of_user ON public.tickets (user_id, event_id, booked_at DESC, id DESC) WHERE cancelled_at IS NULL;
CREATE INDEX tickets_of_event ON public.tickets (event_id, booked_at) WHERE cancelled_at IS NULL;
CREATE INDEX tickets_cancelled ON public.tickets (event_id) WHERE cancelled_at IS NOT NULL;
COMMENT ON TABLE public.tickets IS
    'Seats that were booked, each once: one that is cancelled and booked again is another ticket. The primary key '
    'decides between two sales of one hold.';
COMMENT ON COLUMN public.tickets.id IS 'The UUID, of version 7, of the hold that it was.';
COMMENT ON COLUMN public.tickets.event_id IS 'That of its booking, as are user and time: the indexes begin with them.';

COMMENT ON COLUMN public.inventory.id IS 'The pool''s number: its session''s id, or what its event calls its pool.';
COMMENT ON COLUMN public.inventory.sold IS 'Seats of the confirmed bookings, or the tickets that are booked.';
