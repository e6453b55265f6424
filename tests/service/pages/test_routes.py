"""How the pages are sent. What they do is tested in a browser."""

import re

import pytest
from aiohttp import hdrs

from tests.service.conftest import Client

PAGES = ("/book/ses_1", "/console")


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_fresh_and_runs_nothing_of_anybody_else(client: Client, path: str) -> None:
    answer = await client.get(path)
    html = await answer.text()
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert answer.headers[hdrs.CACHE_CONTROL] == "no-cache"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script>|<style|\sstyle=|\son\w+=|javascript:|//[a-z]", html)
    again = await client.get(path, headers={hdrs.IF_NONE_MATCH: answer.headers[hdrs.ETAG]})
    assert again.status == 304


@pytest.mark.parametrize("path", PAGES)
async def test_all_that_a_page_is_made_of_is_there_for_ever(client: Client, path: str) -> None:
    """Followed from the page through the imports of its scripts."""
    html = await (await client.get(path)).text()
    waiting, seen = {link.partition("#")[0] for link in re.findall(r'(?:src|href)="(/assets/[^"]*)"', html)}, set[str]()
    assert len(waiting) >= 5
    while waiting:
        asset = waiting.pop()
        seen.add(asset)
        answer = await client.get(asset)
        assert answer.status == 200, asset
        assert "immutable" in answer.headers[hdrs.CACHE_CONTROL]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if asset.endswith(".js"):
            names = re.findall(r'^import .*? from "\./([^"]+)";$', await answer.text(), re.MULTILINE)
            waiting |= {f"{asset.rpartition('/')[0]}/{name}" for name in names} - seen
    assert len(seen) >= 12


async def test_scripts_make_no_markup_from_text(client: Client) -> None:
    """Which the policy would refuse, too."""
    for path in PAGES:
        html = await (await client.get(path)).text()
        [folder] = set(re.findall(r'src="(/assets/[^/"]+)/', html))
        for script in re.findall(rf'src="{folder}/([^"]+)"', html):
            text = await (await client.get(f"{folder}/{script}")).text()
            assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|localStorage", text)


@pytest.mark.parametrize("name", ["book.html", "..%2froutes.py", "%2e%2e/routes.py", "nothing.js", ""])
async def test_nothing_else_is_served(client: Client, name: str) -> None:
    html = await (await client.get("/console")).text()
    folder, _, _ = re.findall(r'src="(/assets/[^"]+)"', html)[0].rpartition("/")
    answer = await client.get(f"{folder}/{name}")
    assert answer.status == 404


async def test_assets_of_another_version_are_not_these(client: Client) -> None:
    assert (await client.get("/assets/0123456789abcdef/book.js")).status == 404
