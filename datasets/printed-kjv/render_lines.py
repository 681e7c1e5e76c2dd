#!/usr/bin/python3
"""render_lines.py CHAPTERS FOLDER: pieces of verses as pictures of printed lines.

CHAPTERS is what datasets/kjv/chapters has written. Writes FOLDER/lines/*.png, gray, 36 pixels high, and
FOLDER/lines.tsv (image, text, font, split). Verses are cut at blanks into pieces of at most 48 characters;
a line is a drawn piece of its split's chapters in a drawn face of its split's families, in a drawn size and
weight of ink, a little turned, blurred and noisy. What is drawn hangs on SHA-256 of its purpose alone.
Needs python3-pil, python3-numpy and the fonts' packages.
"""

import hashlib
import math
import sys
from pathlib import Path

import numpy
from PIL import Image, ImageDraw, ImageFilter, ImageFont

HEIGHT = 36
LONGEST = 48  # characters of a line
LINES = {"train": 6000, "validation": 250, "test": 300}

# Faces by family. No family of validation and test is a copy or a relative of one of train: Times,
# Helvetica and Courier, which have many copies, are Liberation's alone.
TRAIN = """
truetype/adf/AccanthisADFStd-Regular.otf truetype/adf/AccanthisADFStd-Italic.otf
truetype/adf/BaskervaldADFStd.otf truetype/adf/BaskervaldADFStd-Italic.otf
truetype/adf/BerenisADFPro-Regular.otf truetype/adf/BerenisADFPro-Italic.otf
truetype/adf/GilliusADF-Regular.otf truetype/adf/GilliusADF-Italic.otf
truetype/adf/TribunADFStd-Regular.otf truetype/adf/TribunADFStd-Italic.otf
truetype/adf/UniversalisADFStd-Regular.otf
opentype/b612/B612-Regular.otf opentype/b612/B612-Italic.otf
opentype/cabin/Cabin-Regular.otf opentype/cabin/Cabin-Italic.otf
opentype/cantarell/Cantarell-Regular.otf
truetype/fonts-century-catalogue/Century-Catalogue.ttf
truetype/crosextra/Caladea-Regular.ttf truetype/crosextra/Caladea-Italic.ttf
truetype/crosextra/Carlito-Regular.ttf truetype/crosextra/Carlito-Italic.ttf
truetype/dejavu/DejaVuSans.ttf truetype/dejavu/DejaVuSerif.ttf
truetype/essays1743/Essays1743.ttf truetype/essays1743/Essays1743-Italic.ttf
truetype/fanwood/Fanwood.otf truetype/fanwood/Fanwood-Italic.otf
fonts-go/Go-Regular.ttf fonts-go/Go-Italic.ttf
opentype/sortsmill/GoudyBookletter1911.otf
truetype/inconsolata/Inconsolata.otf
opentype/junction/Junction.otf
opentype/levien/MuseumFourteen.otf
truetype/liberation/LiberationSerif-Regular.ttf truetype/liberation/LiberationSerif-Italic.ttf
truetype/liberation/LiberationSans-Regular.ttf truetype/liberation/LiberationMono-Regular.ttf
truetype/fonts-oldstandard/OldStandard-Regular.ttf truetype/fonts-oldstandard/OldStandard-Italic.ttf
truetype/open-sans/OpenSans-Regular.ttf
opentype/quattrocento/Quattrocento-Regular.otf
"""
VALIDATION = """
truetype/adf/RomandeADFStd-Regular.otf truetype/adf/RomandeADFStd-Italic.otf
truetype/cardo/Cardo104s.ttf truetype/cardo/Cardoi99.ttf
truetype/lato/Lato-Regular.ttf truetype/lato/Lato-Italic.ttf
truetype/lindenhill/LindenHill.otf truetype/lindenhill/LindenHill-Italic.otf
"""
TEST = """
truetype/averia-gwf/AveriaSerifGWF-Regular.ttf truetype/averia-gwf/AveriaSerifGWF-Italic.ttf
truetype/charis/CharisSIL-Regular.ttf truetype/charis/CharisSIL-Italic.ttf
opentype/ebgaramond/EBGaramond12-Regular.otf opentype/ebgaramond/EBGaramond12-Italic.otf
opentype/fonts-prociono/Prociono.otf
truetype/tuffy/Tuffy.ttf
truetype/vollkorn/Vollkorn-Regular.ttf truetype/vollkorn/Vollkorn-Italic.ttf
"""
FACES = {"train": TRAIN.split(), "validation": VALIDATION.split(), "test": TEST.split()}
FONTS = Path("/usr/share/fonts")


def draw(low: float, high: float, *purpose) -> float:
    """A number from `low` up to `high`."""
    digest = hashlib.sha256(" ".join(map(str, purpose)).encode()).digest()
    return low + (high - low) * (int.from_bytes(digest[:6], "big") / 2**48)


def one_of(choices, *purpose):
    return choices[int(draw(0, len(choices), *purpose))]


def pieces(verse: str):
    """All of it, at most LONGEST characters each, as equal as blanks allow."""
    parts = math.ceil(len(verse) / LONGEST)
    wanted, piece = len(verse) / parts, ""
    for word in verse.split():
        whole = f"{piece} {word}".strip()
        if piece and (len(piece) >= wanted or len(whole) > LONGEST):
            yield piece
            whole = word
        piece = whole
    yield piece


def texts_of(folder: Path) -> list:
    lines = set()
    for chapter in sorted(folder.glob("*.txt")):
        for verse in chapter.read_text().splitlines()[1:]:
            lines.update(pieces(verse.split(" ", 1)[1]))
    return sorted(lines)


def paper(text: str, face: Path, *purpose) -> Image.Image:
    """Black on white, twice as high as a line, with margins."""
    font = ImageFont.truetype(str(face), 72, layout_engine=ImageFont.Layout.BASIC)
    left, top, right, bottom = font.getbbox(text)
    ascent, descent = font.getmetrics()
    _, top_of_capitals, _, bottom_of_capitals = font.getbbox("H")
    top = min(top, ascent - (bottom_of_capitals - top_of_capitals))
    bottom = max(bottom, ascent + descent // 2)
    margins = [int(draw(2, 18, *purpose, "margin", side)) for side in range(4)]
    width = right - left + margins[0] + margins[1]
    page = Image.new("L", (width, bottom - top + margins[2] + margins[3]), 255)
    ink = int(draw(0, 70, *purpose, "ink"))
    weight = int(draw(0, 1.9, *purpose, "weight"))
    at = (margins[0] - left, margins[2] - top)
    ImageDraw.Draw(page).text(at, text, fill=ink, font=font, stroke_width=weight, stroke_fill=ink)
    return page


def render(text: str, face: Path, *purpose) -> Image.Image:
    """Turned, scaled down, blurred, on gray paper and made noisy."""
    page = paper(text, face, *purpose)
    turned = page.rotate(draw(-0.35, 0.35, *purpose, "turn"), Image.Resampling.BILINEAR, fillcolor=255)
    width = max(1, round(draw(0.9, 1.1, *purpose, "width") * page.width * HEIGHT / page.height))
    small = turned.resize((width, HEIGHT), Image.Resampling.BOX)
    pixels = numpy.asarray(small.filter(ImageFilter.GaussianBlur(draw(0, 1, *purpose, "blur"))), float)
    pixels = pixels - draw(0, 40, *purpose, "paper") * (pixels / 255)
    key = int(draw(0, 2**48, *purpose, "noise"))
    raw = numpy.random.Philox(key=key).random_raw(4 * width * HEIGHT)
    noise = (raw % 256).astype(float).reshape(4, HEIGHT, width).sum(axis=0) / 4 - 127.5
    pixels = numpy.rint(pixels + draw(0, 0.5, *purpose, "grain") * noise)
    return Image.fromarray(numpy.clip(pixels, 0, 255).astype("uint8"))


def main(chapters: Path, folder: Path) -> None:
    for faces in FACES.values():
        for face in faces:
            if not (FONTS / face).is_file():
                sys.exit(f"render_lines.py: there is no {FONTS / face}: printed-kjv.recipe names the packages")
    (folder / "lines").mkdir(parents=True, exist_ok=True)
    with (folder / "lines.tsv").open("w") as table:
        table.write("image\ttext\tfont\tsplit\n")
        for split, count in LINES.items():
            texts = texts_of(chapters / split)
            for number in range(count):
                text = one_of(texts, split, number, "text")
                face = one_of(FACES[split], split, number, "face")
                path = f"lines/{split}-{number:04}.png"
                render(text, FONTS / face, split, number).save(folder / path)
                table.write(f"{path}\t{text}\t{Path(face).stem}\t{split}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("render_lines.py takes two arguments, the folder of the chapters and the one to write to")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
