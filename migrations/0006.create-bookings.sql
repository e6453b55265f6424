-- Settled bookings. An open one lives in Redis; its sale or its cancellation inserts it here, under the
-- number that it had there.
-- depends: 0003.create-schedule

CREATE TABLE public.bookings (
    id bigint PRIMARY KEY,
    session_id bigint NOT NULL CONSTRAINT bookings_session_id_fkey REFERENCES public.sessions (id) ON DELETE CASCADE,
    user_id bigint NOT NULL CONSTRAINT bookings_user_id_fkey REFERENCES public.users (id),
    seats int NOT NULL,
    status text NOT NULL,
    unit_price int NOT NULL,
    currency char(3) NOT NULL,
    created_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    reserved_at timestamptz,
    confirmed_at timestamptz,
    cancelled_at timestamptz,
    CONSTRAINT bookings_seats_possible CHECK (seats BETWEEN 0 AND 100000),
    CONSTRAINT bookings_status_known CHECK (status IN ('confirmed', 'cancelled')),
    CONSTRAINT bookings_unit_price_not_negative CHECK (unit_price >= 0),
    CONSTRAINT bookings_currency_form CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT bookings_confirmed_in_full CHECK (
        (status = 'confirmed') = (confirmed_at IS NOT NULL AND seats > 0 AND cancelled_at IS NULL)
    ),
    CONSTRAINT bookings_cancelled_in_full CHECK (status <> 'cancelled' OR cancelled_at IS NOT NULL)
);
CREATE INDEX bookings_of_user ON public.bookings (user_id, id DESC);
CREATE INDEX bookings_of_session ON public.bookings (session_id);
COMMENT ON TABLE public.bookings IS
    'Settled bookings. The primary key decides between a sale and a cancellation of one hold.';
COMMENT ON COLUMN public.bookings.id IS 'The number of the hold that it was.';
COMMENT ON COLUMN public.bookings.unit_price IS 'Price of one seat in cents when the booking was settled.';
COMMENT ON COLUMN public.bookings.created_at IS 'When the hold was opened, by the clock of Redis.';
COMMENT ON COLUMN public.bookings.closes_at IS 'When the hold would have lapsed.';
COMMENT ON COLUMN public.bookings.reserved_at IS 'When the hold first had seats; null if it never had.';
