DROP TABLE public.pgqueuer_statistics;
DROP TABLE public.pgqueuer_schedules;
DROP TABLE public.pgqueuer_log;
DROP TABLE public.pgqueuer;
DROP TYPE public.pgqueuer_status;
