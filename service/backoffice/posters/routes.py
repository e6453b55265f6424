"""The path of posters in the back office."""

from service.backoffice.posters import handlers
from service.errors import IMAGE_TOO_LARGE, MOVIE_NOT_FOUND, UPLOAD_INTERRUPTED
from service.http.endpoint import Access, Endpoint

ENDPOINTS = [
    Endpoint(
        "PUT",
        "/v1/admin/movies/{movie_id}/poster",
        handlers.put_poster,
        access=Access.ADMIN,
        errors=(UPLOAD_INTERRUPTED, MOVIE_NOT_FOUND, IMAGE_TOO_LARGE),
        uploads={"image/jpeg": "", "image/png": "", "image/webp": ""},
    ),
]
