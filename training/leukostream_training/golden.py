"""Golden data for the Java side: what this package makes of some images, to be met within a stated tolerance.

`golden.json` is about synthetic cells that are drawn here and stored beside it; `golden-real.json` is about images of
C-NMC 2019, which are named by their path below the data folder and never copied.
"""
import json
from pathlib import Path
import struct

import cv2
import numpy as np
import pandas as pd

from . import preprocessing as pre
from .bundle import answer, call, load_bundle
from .golden_cells import draw_cell
from .repository import bundle_folder, repository
from .dataset import data_folder, sha256

SEED = 1905
POSITIONS = 64
REAL_IMAGES = 12
"""So many lossless WebP files; beside them every second file of `original_bmp`."""

TOLERANCE = {
    # One grey level of 255 is 2/255 = 0.0078 after normalisation: another OpenCV may round a resized pixel the other way.
    "lossless": {"boxPx": 0, "areaPx": 0, "tensor": 0.0079, "tensorMean": 0.0005, "answers": 0.02, "probability": 0.001},
    # JPEG decoders may differ by a few levels, and with them the pixels that are above black at the cell's rim.
    "jpeg": {"boxPx": 1, "areaPx": 40, "tensor": 0.04, "tensorMean": 0.002, "answers": 0.1, "probability": 0.01},
}


def golden_folder() -> Path:
    return repository() / "inference-service" / "src" / "test" / "resources" / "golden"


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """The JPEG with an Exif segment that asks for a rotation, which a decoder here must not heed."""
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def synthetic() -> list:
    """(file name, encoded bytes, pixel size in micrometres or None, what it is for)"""
    rng = np.random.default_rng(SEED)

    def png(image):
        return cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 9])[1].tobytes()

    def jpeg(image):
        return cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()

    def encoded(extension, image, options=()):
        return cv2.imencode(extension, image, list(options))[1].tobytes()

    at_rim = draw_cell(rng, 300, 260, (40, 120), (70, 62), 20)
    two = draw_cell(rng, 640, 480, (330, 250), (105, 90), 70)
    cv2.ellipse(two, (90, 80), (30, 22), 0, 0, 360, (140, 90, 130), -1)
    specks = np.zeros((200, 220, 3), np.uint8)
    specks[40:47, 50:58] = (90, 60, 100)
    specks[120:124, 150:153] = (90, 60, 100)
    diagonal = np.zeros((96, 120, 3), np.uint8)
    diagonal[20:40, 30:50] = (120, 60, 110)
    diagonal[40:60, 50:70] = (130, 70, 120)
    diagonal[10:30, 80:100] = (110, 50, 100)
    dim = draw_cell(rng, 450, 450, (225, 225), (90, 84), 0)
    dim[30:60, 30:400] = 10
    return [
        ("large-450.png", png(draw_cell(rng, 450, 450, (225, 225), (118, 108), 35)), None, "a large cell in the frame of C-NMC"),
        ("small-450.png", png(draw_cell(rng, 450, 450, (225, 224), (78, 74), 100, (130, 50, 90))), None, "a small cell"),
        ("at-rim-300x260.png", png(at_rim), None, "cut by the image's rim: the crop reaches beyond the image"),
        ("two-components-640x480.png", png(two), None, "a smaller component beside the cell must be blacked out"),
        ("stated-0100-300.png", png(draw_cell(rng, 300, 300, (150, 150), (70, 66), 0)), 0.1, "stated pixel size, 250 px to 128 px"),
        ("stated-0200-160.png", png(draw_cell(rng, 160, 160, (80, 80), (36, 33), 0)), 0.2, "stated pixel size, 125 px to 128 px: INTER_LINEAR"),
        ("stated-no-resize-200.png", png(draw_cell(rng, 200, 200, (100, 101), (41, 38), 50)),
         pre.CROP_SIDE_MICROMETRES / pre.INPUT_SIDE_PX, "128 px: no resize"),
        ("touching-corner-120x96.png", png(diagonal), 0.2, "two squares that touch at a corner are one 8-connected component"),
        ("dim-band-450.png", png(dim), None, "a band of value 10 is black still"),
        ("specks-220x200.png", png(specks), None, "no component of 64 px: no cell"),
        ("cream-surround-300.png", png(draw_cell(rng, 300, 300, (150, 150), (80, 76), 0, background=225)), None, "not cut on black"),
        ("bmp-160.bmp", encoded(".bmp", draw_cell(rng, 160, 160, (80, 80), (42, 39), 10)), 0.15, "BMP"),
        ("tiff-160.tif", encoded(".tif", draw_cell(rng, 160, 160, (80, 80), (41, 38), 20)), 0.15, "TIFF"),
        ("webp-300.webp", encoded(".webp", draw_cell(rng, 300, 300, (150, 150), (88, 80), 40), [cv2.IMWRITE_WEBP_QUALITY, 101]), None, "lossless WebP"),
        ("jpeg-450.jpg", jpeg(draw_cell(rng, 450, 450, (226, 225), (104, 96), 15)), None, "JPEG with 4:2:0 chroma"),
        ("jpeg-orientation-6-320x240.jpg", with_orientation(jpeg(draw_cell(rng, 320, 240, (120, 115), (76, 60), 30)), 6), None,
         "the Exif orientation must be ignored"),
    ]


def positions() -> list:
    """Fixed [channel, y, x] of the tensor, most of them where a centred cell is."""
    rng = np.random.default_rng(SEED + 1)
    inner = rng.integers(24, 104, (POSITIONS - 16, 2))
    outer = rng.integers(0, pre.INPUT_SIDE_PX, (16, 2))
    return [[k % 3, int(y), int(x)] for k, (y, x) in enumerate(np.concatenate([inner, outer]))]


def rounded(values, digits=6):
    return [round(float(v), digits) for v in values]


def case(data: bytes, pixel_size, model, described, samples) -> dict:
    """What this package makes of one encoded image."""
    image = pre.decode(data)
    size = described["crop"]["nominalPixelSizeMicrometres"] if pixel_size is None else pixel_size
    result = {"pixelSizeMicrometres": pixel_size, "widthPx": image.shape[1], "heightPx": image.shape[0],
              "cutOnBlack": bool(pre.is_cut_on_black(image)), "cell": None}
    cell = pre.find_cell(image) if result["cutOnBlack"] else None
    if cell is None:
        return result
    side = described["crop"]["sideMicrometres"]
    tensor = pre.network_input(cell, size, side)
    answers = answer(model, tensor[None])[0].astype(float)
    result["cell"] = {"x": cell.x, "y": cell.y, "width": cell.width, "height": cell.height, "areaPx": cell.area_px,
                      "areaMicrometres2": round(cell.area_micrometres2(size), 4)}
    result["cropSidePx"] = pre.crop_side_px(side, size)
    result["tensor"] = {"mean": round(float(tensor.mean(dtype=np.float64)), 6),
                        "standardDeviation": round(float(tensor.std(dtype=np.float64)), 6),
                        "samples": rounded(tensor[c, y, x] for c, y, x in samples)}
    result["answers"] = rounded(answers)
    result["calls"] = {kind: call(described, kind, cell.area_micrometres2(size), answers) for kind in described["calls"]}
    return result


def document(described, cases) -> str:
    return json.dumps({
        "generator": "training: python3 -m leukostream_training golden",
        "oracle": {"opencv": cv2.__version__, "network": "PyTorch with the weights of the bundle's model.onnx"},
        "bundle": {key: described[key] for key in ("name", "version", "modelSha256", "crop", "calls")},
        "positions": positions(), "positionOrder": ["channel", "y", "x"], "tolerances": TOLERANCE, "cases": cases}, indent=1) + "\n"


def choose_real() -> list:
    """Paths below the data folder: every second untouched BMP file, and a seeded draw of WebP files, half of them blasts."""
    root = data_folder()
    bmp = sorted(p.relative_to(root).as_posix() for p in (root / "cnmc2019" / "original_bmp").glob("*.bmp"))
    index = pd.read_csv(root / "cnmc2019" / "images.csv", dtype=str)
    drawn = index.groupby("label").sample(REAL_IMAGES // 2, random_state=SEED)["file"]
    return bmp[::2] + sorted("cnmc2019/" + f for f in drawn)


def write(folder: Path = None) -> None:
    folder = folder or golden_folder()
    folder.mkdir(parents=True, exist_ok=True)
    model, described = load_bundle(bundle_folder())
    samples = positions()
    cases = []
    for name, data, pixel_size, purpose in synthetic():
        (folder / name).write_bytes(data)
        found = case(data, pixel_size, model, described, samples)
        cases.append({"file": name, "purpose": purpose, **found, "tolerance": "jpeg" if name.endswith(".jpg") else "lossless"})
    (folder / "golden.json").write_text(document(described, cases))
    print("%d synthetic cells, %.0f kB" % (len(cases), sum(p.stat().st_size for p in folder.iterdir()) / 1e3))
    if not (data_folder() / "cnmc2019" / "images.csv").exists():
        print("golden-real.json left as it is: the data set isn't here")
        return
    real = []
    for path in choose_real():
        file = data_folder() / path
        found = case(file.read_bytes(), None, model, described, samples)
        real.append({"file": path, "sha256": sha256(file), **found, "tolerance": "lossless"})
    (folder / "golden-real.json").write_text(document(described, real))
    print("%d cells of C-NMC 2019" % len(real))
