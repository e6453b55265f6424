"""Images become JPEGs that are safe to show."""

import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from service.posters.images import MAX_PIXELS, MAX_SIDE, UnusableImage, as_jpeg
from tests.service.posters.pictures import opened, picture

Colour = tuple[int, ...]


def near(one: Any, other: Colour) -> bool:
    """JPEG keeps colours nearly."""
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("mode", "colour", "shown"),
    [
        ("RGB", (200, 30, 60), (200, 30, 60)),
        ("L", 120, (120, 120, 120)),
        ("RGBA", (200, 30, 60, 0), (255, 255, 255)),
        ("RGBA", (0, 0, 0, 128), (127, 127, 127)),
        ("P", 0, (0, 0, 0)),
        ("CMYK", (0, 255, 255, 0), (254, 0, 0)),
        ("1", 1, (255, 255, 255)),
        ("LA", (0, 0), (255, 255, 255)),
    ],
)
def test_whatever_mode_it_has(name: str, mode: str, colour: Any, shown: Colour) -> None:
    try:
        sent = picture(name, mode=mode, colour=colour)
    except (OSError, ValueError):
        pytest.skip("the format has no such mode")
    with opened(as_jpeg(sent)) as made:
        assert (made.format, made.mode, made.size) == ("JPEG", "RGB", (60, 90))
        assert near(made.getpixel((30, 45)), shown)


@pytest.mark.parametrize(
    ("size", "fitting"),
    [
        ((2_400, 1_200), (1_800, 900)),
        ((1_200, 2_400), (900, 1_800)),
        ((1_800, 1_800), (1_800, 1_800)),
        ((1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("name", ["JPEG", "PNG"])
def test_a_large_one_is_made_smaller(name: str, size: tuple[int, int], fitting: tuple[int, int]) -> None:
    with opened(as_jpeg(picture(name, size=size))) as made:
        assert made.size == fitting
        assert max(made.size) <= MAX_SIDE


def test_it_is_turned_upright_and_says_nothing_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif[0x010F] = "Camera of Ada"
    sent = picture("JPEG", exif=exif, comment=b"a secret comment")
    assert b"Camera of Ada" in sent
    kept = as_jpeg(sent)
    with opened(kept) as made:
        assert made.size == (90, 60)
        assert not made.getexif()
    assert b"Ada" not in kept
    assert b"secret" not in kept


def test_the_first_picture_of_a_moving_one() -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("blue", "red")]
    for name in ("PNG", "WEBP"):
        sent = picture(name, (20, 20), colour="lime", save_all=True, append_images=frames)
        with opened(as_jpeg(sent)) as made:
            assert near(made.getpixel((10, 10)), (0, 255, 0))


def test_what_comes_after_it_is_dropped() -> None:
    kept = as_jpeg(picture("JPEG") + b"<script>alert(1)</script>")
    assert b"script" not in kept


@pytest.mark.parametrize("name", ["JPEG", "PNG", "WEBP"])
def test_damaged_ones_are_refused(name: str) -> None:
    whole = picture(name, size=(300, 200))
    for cut in (1, 10, 30, len(whole) // 2):
        with pytest.raises(UnusableImage):
            as_jpeg(whole[:cut])


@pytest.mark.parametrize("sent", [b"", b"\0", b"GIF89a", b"<svg/>", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\xff\xd8\xff\xe0"])
def test_what_is_no_image_is_refused(sent: bytes) -> None:
    with pytest.raises(UnusableImage):
        as_jpeg(sent)


@pytest.mark.parametrize("name", ["GIF", "BMP", "TIFF", "ICO"])
def test_other_formats_are_refused(name: str) -> None:
    with pytest.raises(UnusableImage):
        as_jpeg(picture(name))


@pytest.mark.parametrize("side", [4_001, 12_000, 30_000, 65_000, 2**31 - 1])
def test_a_bomb_is_refused_by_what_it_says_it_is(side: int) -> None:
    """A PNG of zeros packs a thousand to one. Without the check, decoding 12,000² took 0.8 s and 900 MB."""
    with pytest.raises(UnusableImage):
        as_jpeg(png_that_says(side))


def test_as_many_pixels_as_may_be() -> None:
    side = int(MAX_PIXELS**0.5)
    with opened(as_jpeg(picture("JPEG", size=(side, side)))) as made:
        assert made.size == (MAX_SIDE, MAX_SIDE)


def png_that_says(side: int) -> bytes:
    """A PNG whose head says that it is a square of grey pixels, and some data."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
