-- Who waits for tickets of an event, in the order of joining, and what became of it.
-- depends: 0015.sum-up-bookings

ALTER TABLE public.inventory ADD COLUMN line_version bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN public.inventory.line_version IS
    'Grows with every change of who waits for the pool, first of all in the transaction; 0: nobody ever did.';

CREATE TABLE public.waitlist_entries (
    id uuid PRIMARY KEY,
    event_id uuid NOT NULL CONSTRAINT waitlist_entries_event_id_fkey REFERENCES public.events (id) ON DELETE CASCADE,
    user_id bigint NOT NULL CONSTRAINT waitlist_entries_user_id_fkey REFERENCES public.users (id),
    position bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    ticket_ids uuid[] NOT NULL,
    status text NOT NULL DEFAULT 'waiting',
    passed int NOT NULL DEFAULT 0,
    offers int NOT NULL DEFAULT 0,
    joined_at timestamptz NOT NULL,
    offered_at timestamptz,
    closes_at timestamptz,
    CONSTRAINT waitlist_entries_status_known CHECK (status IN ('waiting', 'offered', 'booked', 'lapsed', 'left')),
    CONSTRAINT waitlist_entries_wants_tickets CHECK (cardinality(ticket_ids) > 0),
    CONSTRAINT waitlist_entries_offered_until CHECK (status <> 'offered' OR (offered_at IS NOT NULL AND closes_at IS NOT NULL))
);
CREATE UNIQUE INDEX waitlist_entries_once_per_event ON public.waitlist_entries (user_id, event_id)
    WHERE status IN ('waiting', 'offered');
CREATE INDEX waitlist_entries_of_user ON public.waitlist_entries (user_id, position DESC);
CREATE INDEX waitlist_entries_in_line ON public.waitlist_entries (event_id, position) WHERE status = 'waiting';
CREATE INDEX waitlist_entries_offered ON public.waitlist_entries (event_id) WHERE status = 'offered';
CREATE INDEX waitlist_entries_of_event ON public.waitlist_entries (event_id);
COMMENT ON TABLE public.waitlist_entries IS
    'Who waits for tickets, or did. Every change of status is made under the lock on the inventory row of the event.';
COMMENT ON COLUMN public.waitlist_entries.position IS
    'Taken under the lock on the inventory row: it grows in the order of joining.';
COMMENT ON COLUMN public.waitlist_entries.ticket_ids IS 'Minted at joining: the tickets that are held for an offer.';
COMMENT ON COLUMN public.waitlist_entries.passed IS 'How often somebody was served who joined later.';
COMMENT ON COLUMN public.waitlist_entries.offers IS
    'How many offers were made: one more than one only after Redis lost an earlier one.';
COMMENT ON COLUMN public.waitlist_entries.closes_at IS 'When the last offer lapses, never later than the holds themselves.';
