-- The capacity of each session beside its sums, so that a report need not look for it in the inventory.
-- depends: 0020.sum-up-cancelled-tickets

-- Whoever sells locks the inventory first, too.
LOCK TABLE public.inventory IN SHARE ROW EXCLUSIVE MODE;

ALTER TABLE public.session_sales ADD COLUMN capacity int;
COMMENT ON TABLE public.session_sales IS
    'The bookings of each session, summed up. Derived: triggers on bookings, sessions and inventory alone write it.';
COMMENT ON COLUMN public.session_sales.capacity IS
    'Of the session''s inventory, in the row that came with the session; null in rows of other currencies.';

CREATE FUNCTION public.sum_sessions_after_insert() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO public.session_sales (session_id, currency, bookings, seats, revenue, confirmed, cancelled, capacity)
    SELECT id, currency, 0, 0, 0, 0, 0, inventory.capacity FROM inserted JOIN public.inventory USING (id);
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.sum_sessions_after_insert IS 'Begins the sums of new sessions.';

CREATE TRIGGER sessions_sum_after_insert AFTER INSERT ON public.sessions
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.sum_sessions_after_insert();

-- Sales do not set the capacity, and so do not come here.
CREATE FUNCTION public.sum_capacity_after_update() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    UPDATE public.session_sales SET capacity = NEW.capacity WHERE session_id = NEW.id AND capacity IS NOT NULL;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.sum_capacity_after_update IS 'Keeps the capacity beside the sums of a session.';

CREATE TRIGGER inventory_sum_capacity_after_update AFTER UPDATE OF capacity ON public.inventory
FOR EACH ROW WHEN (OLD.capacity <> NEW.capacity)
EXECUTE FUNCTION public.sum_capacity_after_update();

INSERT INTO public.session_sales AS sums (session_id, currency, bookings, seats, revenue, confirmed, cancelled, capacity)
SELECT id, COALESCE((
           SELECT currency FROM public.session_sales AS sold WHERE sold.session_id = sessions.id
           ORDER BY currency = sessions.currency DESC, currency LIMIT 1
       ), currency), 0, 0, 0, 0, 0, inventory.capacity
FROM public.sessions JOIN public.inventory USING (id)
ON CONFLICT (session_id, currency) DO UPDATE SET capacity = excluded.capacity;
