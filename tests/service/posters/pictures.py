"""Pictures to upload."""

from io import BytesIO
from typing import Any

from PIL import Image


def picture(
    format: str = "PNG",  # noqa: A002  # as Pillow calls it
    size: tuple[int, int] = (60, 90),
    mode: str = "RGB",
    colour: Any = "red",
    **options: Any,
) -> bytes:
    """A picture of one colour, encoded."""
    file = BytesIO()
    Image.new(mode, size, colour).save(file, format, **options)
    return file.getvalue()


def opened(image: bytes) -> Image.Image:
    """The picture that an image has."""
    return Image.open(BytesIO(image))
