"""The paths of jobs in the back office."""

from service.backoffice.jobs import handlers
from service.errors import INVALID_CURSOR, JOB_NOT_FAILED, JOB_NOT_FOUND, JOB_WAITING
from service.http.endpoint import Access, Endpoint

_ALL = "/v1/admin/jobs"
_ONE = "/v1/admin/jobs/{job_id}"

ENDPOINTS = [
    Endpoint("GET", _ALL, handlers.list_jobs, access=Access.ADMIN, errors=(INVALID_CURSOR,)),
    Endpoint("GET", _ONE, handlers.get_job, access=Access.ADMIN, errors=(JOB_NOT_FOUND,)),
    Endpoint(
        "POST",
        f"{_ONE}/retry",
        handlers.retry_job,
        access=Access.ADMIN,
        errors=(JOB_NOT_FOUND, JOB_NOT_FAILED, JOB_WAITING),
    ),
]
