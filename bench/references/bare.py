"""The floor: an aiohttp handler that answers some JSON and does nothing else."""

from aiohttp import web

from bench.references import serving


async def answer(request: web.Request) -> web.Response:
    return web.json_response({"message": "Hello"})


def create_app() -> web.Application:
    app = web.Application()
    app.router.add_get("/", answer)
    return app


if __name__ == "__main__":
    serving.main(create_app)
