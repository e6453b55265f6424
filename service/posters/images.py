"""What comes in as an image, as the JPEG that is kept.

Nothing of the file that was sent is kept: what a decoder made of it is encoded again, without what describes it.
"""

from io import BytesIO

from PIL import Image, ImageOps

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_PIXELS = 16_000_000
"""Of what is sent: a few hundred bytes can unpack to gigabytes, and so are refused by what they say they are."""
MAX_SIDE = 1_800
"""Of what is kept: a larger one is made smaller."""
QUALITY = 85


class UnusableImage(Exception):
    """It is no image of a known format, is damaged, or is too large; the message says which."""


def as_jpeg(sent: bytes) -> bytes:
    """The image upright, of a size that fits, on white where it was transparent. Raises `UnusableImage`.

    Takes up to a second of one core and 260 MB.
    """
    try:
        with Image.open(BytesIO(sent), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UnusableImage(f"The image must not have more than {MAX_PIXELS // 1_000_000} million pixels.")
            return _encoded(_fitting(image))
    except UnusableImage:
        raise
    except Exception as fault:  # decoders raise whatever comes of a damaged file
        raise UnusableImage("The body must be a whole JPEG, PNG or WebP image.") from fault


def _fitting(image: Image.Image) -> Image.Image:
    """The first picture, in RGB, upright, of at most `MAX_SIDE` a side."""
    image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # decodes a large JPEG no finer than needed
    picture: Image.Image = image
    if image.has_transparency_data:
        picture = image.convert("RGBA")
    elif image.mode != "RGB":
        picture = image.convert("RGB")
    picture.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    picture = ImageOps.exif_transpose(picture)
    if picture.mode == "RGBA":
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(picture, mask=picture.getchannel("A"))
        picture = paper
    return picture


def _encoded(picture: Image.Image) -> bytes:
    picture.info.clear()  # comments, positions, the camera: none of that is for the public
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return kept.getvalue()
