"""The path of imports."""

from service.backoffice.importing import handlers
from service.backoffice.importing.handlers import CSV, JSON_LINES
from service.errors import IMPORT_IN_PROGRESS, IMPORT_REFUSED, IMPORT_TOO_LARGE, UPLOAD_INTERRUPTED
from service.http.endpoint import Access, Endpoint

_CSV_EXAMPLE = """\
type,title,year,duration,name,address,capacity,movie,place,starts_at,price
movie,Amélie,2001,122,,,,,,,
place,,,,Lumière Bellecour,"12 place Bellecour, 69002 Lyon",180,,,,
session,,,,,,,Amélie,Lumière Bellecour,2031-06-05T20:00:00+02:00,1250
"""
_JSON_LINES_EXAMPLE = """\
{"type": "movie", "title": "Le Fabuleux Destin", "year": 2001, "duration": 122}
{"type": "place", "name": "Lumière Terreaux", "address": "1 place des Terreaux, 69001 Lyon", "capacity": 90}
{"type": "session", "movie": "Le Fabuleux Destin", "place": "Lumière Terreaux", \
"starts_at": "2031-06-05T20:00:00+02:00", "price": 1250}
"""

ENDPOINTS = [
    Endpoint(
        "POST",
        "/v1/admin/import",
        handlers.import_catalogue,
        access=Access.ADMIN,
        errors=(UPLOAD_INTERRUPTED, IMPORT_IN_PROGRESS, IMPORT_TOO_LARGE, IMPORT_REFUSED),
        uploads={CSV: _CSV_EXAMPLE, JSON_LINES: _JSON_LINES_EXAMPLE},
    )
]
