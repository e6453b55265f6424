DROP INDEX public.tickets_by_time;
CREATE INDEX tickets_of_event ON public.tickets (event_id, booked_at) WHERE cancelled_at IS NULL;
CREATE INDEX tickets_cancelled ON public.tickets (event_id) WHERE cancelled_at IS NOT NULL;
ALTER TABLE public.events DROP COLUMN cancelled_tickets;
