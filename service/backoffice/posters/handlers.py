"""Staff upload posters."""

from functools import partial

from service.backoffice.movies import changes
from service.backoffice.movies.schemas import StaffMovieAnswer
from service.backoffice.transactions import commit
from service.errors import IMAGE_TOO_LARGE, ApiError
from service.http.endpoint import Call
from service.http.uploads import pieces
from service.posters.keeping import MAX_BYTES


async def put_poster(call: Call[None, None]) -> StaffMovieAnswer:
    """Upload a movie's poster

    A JPEG, PNG or WebP image of up to 5 MiB and 16 million pixels, in place of the one before. It is encoded anew, in
    RGB, at most 1,800 pixels a side, without what describes it. The movie's `poster` is then the path where the service
    has it; to take it away, change that to null or to another URL.
    """
    resources, movie_id = call.resources, call.ids["movie_id"]
    sent = b"".join([piece async for piece in pieces(call.request, MAX_BYTES, IMAGE_TOO_LARGE)])
    kept = await resources.posters.keep(movie_id, sent)
    try:
        movie, replaced = await commit(resources.postgres, partial(changes.set_poster, movie_id=movie_id, kept=kept))
    except ApiError:  # no such movie; whatever else it was, the row may have been committed
        await resources.posters.forget(kept.file)
        raise
    await resources.posters.forget(replaced)
    return StaffMovieAnswer(movie=movie)
