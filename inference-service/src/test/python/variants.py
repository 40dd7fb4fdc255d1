"""Makes image files, whole and damaged, and beside each the pixels that Pillow reads of it.

    variants.py FOLDER COUNT SEED

A file is FOLDER/NNN-KIND.EXT; its pixels, if Pillow reads it without complaint, FOLDER/NNN-KIND.EXT.rgb, three bytes a
pixel. A kind that begins with "whole" must be read; every other may be refused, but never read otherwise than Pillow does.
"""

import io
import os
import random
import struct
import sys

from PIL import Image, ImageDraw, ImageFile

ImageFile.LOAD_TRUNCATED_IMAGES = False


def picture(rng):
    width, height = rng.randrange(60, 140), rng.randrange(60, 140)
    image = Image.new("RGB", (width, height), (225, 215, 220))
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y, r = rng.randrange(width), rng.randrange(height), rng.randrange(4, 30)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=tuple(rng.randrange(30, 230) for _ in range(3)))
    pixels = image.load()
    for y in range(height):
        for x in range(width):
            pixels[x, y] = tuple(max(0, min(255, v + rng.randrange(-6, 7))) for v in pixels[x, y])
    return image


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def tiff(image, rng, compression=None):
    options = {"tiffinfo": {278: rng.choice([8, 16, 25])}}
    return saved(image, "TIFF", compression=compression, **options) if compression else saved(image, "TIFF")


def bitfields(image, order):
    """A 32-bit bitmap whose masks say in which order the channels lie."""
    width, height = image.size
    masks = {"rgb": (0xFF, 0xFF00, 0xFF0000), "bgr": (0xFF0000, 0xFF00, 0xFF)}[order]
    head = struct.pack("<2sIHHI", b"BM", 70 + 4 * width * height, 0, 0, 70)
    head += struct.pack("<IiiHHIIiiII", 40, width, height, 1, 32, 3, 4 * width * height, 0, 0, 0, 0)
    head += struct.pack("<4I", *masks, 0)
    rows = []
    for y in range(height - 1, -1, -1):
        for x in range(width):
            r, g, b = image.getpixel((x, y))
            rows.append(bytes((r, g, b, 0) if order == "rgb" else (b, g, r, 0)))
    return head + b"".join(rows)


def tags(data):
    """Positions of the entries of the first directory of a little-endian TIFF, by tag."""
    at = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, at)[0]
    return {struct.unpack_from("<H", data, at + 2 + 12 * k)[0]: at + 2 + 12 * k for k in range(count)}


def values(data, entry):
    kind, count = struct.unpack_from("<HI", data, entry + 2)
    size = {3: 2, 4: 4}[kind]
    at = entry + 8 if size * count <= 4 else struct.unpack_from("<I", data, entry + 8)[0]
    return [(at + size * k, "<H" if size == 2 else "<I") for k in range(count)]


def with_strip_lengths(data, change, rng):
    data = bytearray(data)
    places = values(data, tags(data)[279])
    at, form = rng.choice(places)
    struct.pack_into(form, data, at, change(struct.unpack_from(form, data, at)[0]))
    return bytes(data)


def flipped(data, rng, low, high):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        data[rng.randrange(int(len(data) * low), int(len(data) * high))] ^= 1 << rng.randrange(8)
    return bytes(data)


def pages(first, *others):
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=list(others))
    return out.getvalue()


def transparent(image, rng):
    image = image.convert("RGBA")
    alpha = Image.new("L", image.size, 255)
    ImageDraw.Draw(alpha).rectangle((0, 0, rng.randrange(1, 20), rng.randrange(1, 20)), fill=rng.choice([0, 128, 254]))
    image.putalpha(alpha)
    return image


KINDS = [
    ("whole-rgb.png", lambda i, r: saved(i, "PNG")),
    ("whole-palette.png", lambda i, r: saved(i.quantize(64), "PNG")),
    ("whole-grey.png", lambda i, r: saved(i.convert("L"), "PNG")),
    ("whole-opaque.png", lambda i, r: saved(i.convert("RGBA"), "PNG")),
    ("whole-24.bmp", lambda i, r: saved(i, "BMP")),
    ("whole-bitfields-bgr.bmp", lambda i, r: bitfields(i, "bgr")),
    ("whole-bitfields-rgb.bmp", lambda i, r: bitfields(i, "rgb")),
    ("whole-raw.tif", lambda i, r: tiff(i, r)),
    ("whole-lzw.tif", lambda i, r: tiff(i, r, "tiff_lzw")),
    ("whole-deflate.tif", lambda i, r: tiff(i, r, "tiff_adobe_deflate")),
    ("whole-packbits.tif", lambda i, r: tiff(i, r, "packbits")),
    ("whole-baseline.jpg", lambda i, r: saved(i, "JPEG", quality=90)),
    ("whole-progressive.jpg", lambda i, r: saved(i, "JPEG", quality=95, progressive=True, subsampling=0)),
    ("whole-lossless.webp", lambda i, r: saved(i, "WEBP", lossless=True)),
    ("zero-count-raw.tif", lambda i, r: with_strip_lengths(tiff(i, r), lambda n: 0, r)),
    ("half-count-raw.tif", lambda i, r: with_strip_lengths(tiff(i, r), lambda n: n // 2, r)),
    ("half-count-deflate.tif", lambda i, r: with_strip_lengths(tiff(i, r, "tiff_adobe_deflate"), lambda n: n // 2, r)),
    ("short-count-lzw.tif", lambda i, r: with_strip_lengths(tiff(i, r, "tiff_lzw"), lambda n: max(1, n - 9), r)),
    ("zero-count-lzw.tif", lambda i, r: with_strip_lengths(tiff(i, r, "tiff_lzw"), lambda n: 0, r)),
    ("flipped-deflate.tif", lambda i, r: flipped(tiff(i, r, "tiff_adobe_deflate"), r, 0.2, 0.9)),
    ("flipped-lzw.tif", lambda i, r: flipped(tiff(i, r, "tiff_lzw"), r, 0.2, 0.9)),
    ("flipped.png", lambda i, r: flipped(saved(i, "PNG"), r, 0.2, 0.95)),
    ("flipped.jpg", lambda i, r: flipped(saved(i, "JPEG", quality=90), r, 0.5, 0.95)),
    ("cut.jpg", lambda i, r: saved(i, "JPEG", quality=90)[: -r.randrange(20, 400)] + b"\xff\xd9"),
    ("transparent.png", lambda i, r: saved(transparent(i, r), "PNG")),
    ("transparent.webp", lambda i, r: saved(transparent(i, r), "WEBP", lossless=True, exact=True)),
    ("transparent.tif", lambda i, r: saved(transparent(i, r), "TIFF")),
    ("sixteen-bits.png", lambda i, r: saved(i.convert("I"), "PNG")),
    ("two-pages.tif", lambda i, r: pages(i, i.rotate(180))),
    ("planes.tif", lambda i, r: pages(*i.split())),
]


def pixels(data):
    """What Pillow reads; None where it complains, or where it reads something else than three bytes a pixel."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.load()
            return image.convert("RGB").tobytes()
    except Exception:  # whatever a damaged file makes it raise
        return None


def main():
    folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    rng = random.Random(seed)
    for number in range(count):
        kind, make = KINDS[number % len(KINDS)]
        image = picture(rng)
        data = make(image, rng)
        path = os.path.join(folder, "%03d-%s" % (number, kind))
        with open(path, "wb") as out:
            out.write(data)
        # Of bitmaps with masks Pillow reads some only: what was painted is what they hold.
        read = image.tobytes() if "bitfields" in kind else pixels(data)
        if read is not None:
            with open(path + ".rgb", "wb") as out:
                out.write(read)


if __name__ == "__main__":
    main()
