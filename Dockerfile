# The service alone: Postgres and Redis are containers of their own (compose.yaml), so their embedded kin stay out.
FROM python:3.13-slim-bookworm AS build

WORKDIR /holdfast
COPY requirements-image.lock ./
RUN python -m venv --without-pip .venv \
    && python -m pip --python .venv/bin/python install --no-cache-dir --no-deps --require-hashes \
        --requirement requirements-image.lock
COPY holds holds
COPY service service
COPY migrations migrations
COPY deliverable deliverable
# Nothing can be written when it runs.
RUN python -m compileall -q holds service .venv


FROM python:3.13-slim-bookworm

RUN useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin holdfast \
    && install --directory --owner=10001 --mode=700 /var/lib/holdfast
COPY --from=build /holdfast /holdfast
WORKDIR /holdfast
USER 10001
ENV PATH="/holdfast/.venv/bin:$PATH" PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 LOG_FORMAT=json MAIL_FOLDER=/var/lib/holdfast/mail
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/livez', timeout=2)"]
ENTRYPOINT ["python", "-m", "service"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080", "--no-seed"]
