#!/usr/bin/python3
"""list_prompts.py FOLDER: Asterisk's recordings and their texts, as a table.

Writes FOLDER/prompts.tsv (path, text, split). Texts are written as they are spoken: small letters,
apostrophes and blanks, digits as words. Left out are recordings of tones and silence, those longer than
LONGEST seconds, and those with a number of several digits, of which the text does not say how it is read.
Texts that are equal are in one split, which hangs on the text's SHA-256 alone. SOUNDS and TEXTS name other
places than those of Debian's packages.
"""

import gzip
import hashlib
import os
import re
import sys
import wave
from pathlib import Path

SOUNDS = Path(os.environ.get("SOUNDS", "/usr/share/asterisk/sounds/en_US_f_Allison"))
TEXTS = Path(os.environ.get("TEXTS", "/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz"))
LONGEST = 20
DIGITS = "zero one two three four five six seven eight nine".split()
SIGNS = {"*": " star ", "#": " pound "}


def spoken(text: str) -> str:
    """Empty where nothing is spoken, or nobody says how."""
    text = re.sub(r"\[.*?\]|\(.*?\)|<.*?>", " ", text.lower())
    if re.search(r"[0-9][0-9.]*[0-9]", text):
        return ""
    text = re.sub(r"\b([a-z])\.", r"\1", text)  # p.m.
    text = re.sub(r"[0-9]", lambda digit: f" {DIGITS[int(digit[0])]} ", text)
    text = re.sub(r"[*#]", lambda sign: SIGNS[sign[0]], text)
    return " ".join(re.sub(r"[^a-z']", " ", text).split())


def split_of(text: str) -> str:
    tenth = hashlib.sha256(text.encode()).digest()[0] % 10
    return {0: "test", 1: "validation"}.get(tenth, "train")


def seconds(path: Path) -> float:
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


def main(folder: Path) -> None:
    for needed in (SOUNDS, TEXTS):
        if not needed.exists():
            sys.exit(f"list_prompts.py: there is no {needed}: install asterisk-core-sounds-en-wav and "
                     "asterisk-core-sounds-en")
    with gzip.open(TEXTS, "rt", encoding="utf-8") as lines, \
            (folder / "prompts.tsv").open("w", encoding="utf-8") as table:
        table.write("path\ttext\tsplit\n")
        for line in lines:
            name, colon, text = line.strip().partition(":")
            path, text = SOUNDS / f"{name}.wav", spoken(text)
            if colon and text and path.is_file() and seconds(path) <= LONGEST:
                table.write(f"{path}\t{text}\t{split_of(text)}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("list_prompts.py takes one argument, the folder to write to")
    main(Path(sys.argv[1]))
