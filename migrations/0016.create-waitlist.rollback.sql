DROP TABLE public.waitlist_entries;
ALTER TABLE public.inventory DROP COLUMN line_version;
