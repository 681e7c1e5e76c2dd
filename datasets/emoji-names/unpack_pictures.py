#!/usr/bin/python3
"""unpack_pictures.py FOLDER: the colour pictures of a font as PNG files, and what they are called.

Writes FOLDER/pictures/*.png and FOLDER/emoji.tsv, a row a picture: its path, its name in words, and
its base, which is the same of emoji that differ in skin tone, in sex, or in who does something.
FONT and ANNOTATIONS name other places than those of Debian's packages. Needs python3-fonttools.
"""

import os
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from fontTools.ttLib import TTFont

font_file = os.environ.get("FONT", "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf")
annotations = Path(os.environ.get("ANNOTATIONS", "/usr/share/unicode/cldr/common"))

presentation = "\ufe0f"  # "as a picture", which the font leaves out
joiner = "\u200d"
signs_of_sex = "\u2640\u2642"
skin_tones = "".join(chr(point) for point in range(0x1F3FB, 0x1F400))
people = "\U0001f468\U0001f469\U0001f9d1"  # man, woman, person


def names():
    """Of each emoji, a text of some code points, its English name."""
    found = {}
    for folder in ("annotations", "annotationsDerived"):
        tree = ElementTree.parse(annotations / folder / "en.xml")
        for annotation in tree.getroot().iter("annotation"):
            if annotation.get("type") == "tts":
                found[annotation.get("cp")] = annotation.text
    return found


def in_words(name):
    """In small letters, marks being words of their own."""
    return " ".join(re.findall(r"[\w’'.&#*!?-]+|[^\w\s]", name.lower()))


def base(emoji):
    """Without what near-duplicates differ in."""
    kept = [c for c in emoji if c not in presentation + joiner + signs_of_sex + skin_tones]
    return "-".join("person" if c in people else f"{ord(c):x}" for c in kept) or "skin"


class Pictures:
    """The font's pictures by their emoji."""

    def __init__(self):
        font = TTFont(font_file, lazy=True)
        self.glyphs = font.getBestCmap()
        self.bitmaps = font["CBDT"].strikeData[0]
        self.ligatures = {}
        for lookup in font["GSUB"].table.LookupList.Lookup:
            for table in lookup.SubTable:
                if table.LookupType != 4:
                    continue
                for first, ligatures in table.ligatures.items():
                    for each in ligatures:
                        self.ligatures[(first, *each.Component)] = each.LigGlyph

    def png(self, emoji):
        """The bytes of its file; none where the font has no picture of it."""
        parts = tuple(self.glyphs.get(ord(c)) for c in emoji if c != presentation)
        glyph = parts[0] if len(parts) == 1 else self.ligatures.get(parts)
        return self.bitmaps[glyph].imageData if glyph in self.bitmaps else None


def main(folder):
    pictures = Pictures()
    (folder / "pictures").mkdir(parents=True, exist_ok=True)
    with open(folder / "emoji.tsv", "w", encoding="utf-8") as table:
        table.write("picture\tname\tbase\tnothing\n")
        for emoji, name in sorted(names().items()):
            png = pictures.png(emoji)
            if png is None:
                continue
            path = "pictures/" + "-".join(f"{ord(c):x}" for c in emoji if c != presentation) + ".png"
            (folder / path).write_bytes(png)
            table.write(f"{path}\t{in_words(name)}\t{base(emoji)}\t0\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("unpack_pictures.py takes one argument, the folder to write to")
    main(Path(sys.argv[1]))
