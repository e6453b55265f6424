DROP TRIGGER sessions_airing_after_delete ON public.sessions;
DROP TRIGGER sessions_airing_after_update ON public.sessions;
DROP TRIGGER sessions_airing_after_insert ON public.sessions;
DROP FUNCTION public.airing_after_delete;
DROP FUNCTION public.airing_after_update;
DROP FUNCTION public.airing_after_insert;
DROP FUNCTION public.retime_sessions;
DROP FUNCTION public.refresh_airing_dates;
