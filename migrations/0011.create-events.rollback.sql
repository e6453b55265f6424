DROP TABLE public.tickets;
DROP TABLE public.ticket_bookings;
CREATE TEMPORARY TABLE pools_of_events ON COMMIT DROP AS SELECT pool FROM public.events;
DROP TABLE public.events;
DELETE FROM public.inventory WHERE id IN (SELECT pool FROM pools_of_events);
COMMENT ON COLUMN public.inventory.id IS 'The pool''s number: its session''s id.';
COMMENT ON COLUMN public.inventory.sold IS 'Seats of the confirmed bookings.';
