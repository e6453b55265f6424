DROP TRIGGER page_visits_note_after_insert ON public.page_visits;
DROP FUNCTION public.note_unsummed_visits;
DROP FUNCTION public.visits_to_sum_up;
DROP TABLE public.page_days_zone;
DROP TABLE public.page_visitors;
DROP TABLE public.page_newcomers;
DROP TABLE public.page_days;
DROP TABLE public.pages;
DROP TABLE public.unsummed_visits;
