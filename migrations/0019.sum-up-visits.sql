-- What reports tell of pages, summed up by path and day.
-- depends: 0018.keep-idempotency-keys

CREATE TABLE public.unsummed_visits (
    received_at timestamptz NOT NULL,
    visit_id bigint NOT NULL,
    PRIMARY KEY (received_at, visit_id)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
COMMENT ON TABLE public.unsummed_visits IS
    'The page visits that are in no sum yet: written with them, deleted with what sums them up, so that a report of the '
    'sums and of these is exact whenever it is made.';

CREATE TABLE public.pages (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    path text NOT NULL,
    -- As unique as a primary key, of paths too long for one.
    CONSTRAINT pages_path_key EXCLUDE USING hash (path WITH =)
);
COMMENT ON TABLE public.pages IS 'The paths of page visits that are summed up.';

CREATE TABLE public.page_days (
    day date NOT NULL,
    page_id bigint NOT NULL REFERENCES public.pages (id) ON DELETE CASCADE,
    views bigint NOT NULL,
    exits bigint NOT NULL,
    seconds numeric NOT NULL,
    PRIMARY KEY (day, page_id)
);
CREATE INDEX page_days_of_page ON public.page_days (page_id);
COMMENT ON TABLE public.page_days IS 'The visits of each page on each day of the chain, summed up.';
COMMENT ON COLUMN public.page_days.views IS 'How often it was entered.';
COMMENT ON COLUMN public.page_days.exits IS
    'How often it was left by a visitor whose last report of it had been entering it; seconds are between these two.';

CREATE TABLE public.page_newcomers (
    day date NOT NULL,
    page_id bigint NOT NULL REFERENCES public.pages (id) ON DELETE CASCADE,
    previous_day date NOT NULL,
    visitors bigint NOT NULL,
    PRIMARY KEY (day, page_id, previous_day),
    CONSTRAINT page_newcomers_came_before CHECK (previous_day < day)
);
CREATE INDEX page_newcomers_of_page ON public.page_newcomers (page_id);
COMMENT ON TABLE public.page_newcomers IS
    'How many visitors entered a page on a day, by the day when they had entered it before. Those of any days are the '
    'ones whose previous day was before the first of these.';
COMMENT ON COLUMN public.page_newcomers.previous_day IS '-infinity: they had never entered it.';

CREATE TABLE public.page_visitors (
    page_id bigint NOT NULL REFERENCES public.pages (id) ON DELETE CASCADE,
    tracking_id text NOT NULL,
    last_at timestamptz NOT NULL,
    last_id bigint NOT NULL,
    entered_at timestamptz,
    last_day date NOT NULL,
    PRIMARY KEY (page_id, tracking_id)
);
COMMENT ON TABLE public.page_visitors IS
    'The last visit of each visitor of a page that is summed up, for the sums of the next one.';
COMMENT ON COLUMN public.page_visitors.last_id IS 'Of the visit: of two of one moment, the one of the higher id is later.';
COMMENT ON COLUMN public.page_visitors.entered_at IS 'Null where that visit was leaving the page.';
COMMENT ON COLUMN public.page_visitors.last_day IS 'When the visitor last entered the page; -infinity: never.';

CREATE TABLE public.page_days_zone (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    timezone text
);
COMMENT ON TABLE public.page_days_zone IS
    'One row: the time zone whose days page_days has. Who changes any sums locks it first.';
INSERT INTO public.page_days_zone (timezone) VALUES (NULL);

CREATE FUNCTION public.visits_to_sum_up(zone text, until timestamptz) RETURNS TABLE (
    visit_id bigint, page_id bigint, path text, tracking_id text, received_at timestamptz, entered boolean,
    day date, seconds numeric, previous_day date, late boolean
)
LANGUAGE sql STABLE AS $function$
    SELECT visits.id, pages.id, visits.path, visits.tracking_id, visits.received_at, visits.type = 'page_enter', dates.day,
           CASE WHEN visits.type = 'page_exit' THEN extract(epoch FROM visits.received_at - CASE
               WHEN lag(visits.type) OVER earlier = 'page_enter' THEN lag(visits.received_at) OVER earlier
               WHEN lag(visits.type) OVER earlier IS NULL AND visits.received_at >= known.last_at THEN known.entered_at
           END) END,
           GREATEST(
               known.last_day, '-infinity',
               max(dates.day) FILTER (WHERE visits.type = 'page_enter')
                   OVER (earlier ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
           ),
           COALESCE((visits.received_at, visits.id) < (known.last_at, known.last_id), false)
    FROM public.unsummed_visits AS unsummed
    -- One by one, whatever the planner believes of a table that fills and empties: all visits are always many more.
    CROSS JOIN LATERAL (
        SELECT id, path, tracking_id, type, received_at FROM public.page_visits WHERE id = unsummed.visit_id OFFSET 0
    ) AS visits
    CROSS JOIN LATERAL (SELECT (visits.received_at AT TIME ZONE zone)::date AS day) AS dates
    LEFT JOIN public.pages ON pages.path = visits.path
    LEFT JOIN public.page_visitors AS known
        ON known.page_id = pages.id AND known.tracking_id = visits.tracking_id
    WHERE unsummed.received_at <= until
    WINDOW earlier AS (PARTITION BY visits.path, visits.tracking_id ORDER BY visits.received_at, visits.id)
$function$;
COMMENT ON FUNCTION public.visits_to_sum_up IS
    'The unsummed visits up to a moment: their days in a time zone, on leaving the seconds since the page was entered, '
    'the previous day on which the visitor had entered it, and whether a later visit is summed up already.';

CREATE FUNCTION public.note_unsummed_visits() RETURNS trigger
LANGUAGE plpgsql AS $function$
BEGIN
    INSERT INTO public.unsummed_visits (received_at, visit_id) SELECT received_at, id FROM inserted;
    RETURN NULL;
END;
$function$;
COMMENT ON FUNCTION public.note_unsummed_visits IS 'Has new visits summed up.';

CREATE TRIGGER page_visits_note_after_insert AFTER INSERT ON public.page_visits
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION public.note_unsummed_visits();

INSERT INTO public.unsummed_visits (received_at, visit_id) SELECT received_at, id FROM public.page_visits;
