DROP TABLE public.page_visits;
