DROP TRIGGER inventory_sum_capacity_after_update ON public.inventory;
DROP FUNCTION public.sum_capacity_after_update;
DROP TRIGGER sessions_sum_after_insert ON public.sessions;
DROP FUNCTION public.sum_sessions_after_insert;
ALTER TABLE public.session_sales DROP COLUMN capacity;
DELETE FROM public.session_sales WHERE confirmed = 0 AND cancelled = 0;
COMMENT ON TABLE public.session_sales IS
    'The bookings of each session, summed up. Derived: triggers on bookings alone write it.';
