DROP TABLE public.bookings;
