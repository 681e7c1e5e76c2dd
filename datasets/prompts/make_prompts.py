#!/usr/bin/python3
"""make_prompts.py FOLDER: Asterisk's recordings and their texts, as a table.

Writes FOLDER/prompts.tsv (path, text, split) and FOLDER/sounds/*.wav. Texts are written as they are spoken:
small letters, apostrophes and blanks, digits as words. Left out are recordings of tones and silence, those
longer than LONGEST seconds, and those with a number of several digits, of which the text does not say how it
is read. Texts that are equal are in one split, which hangs on the text's SHA-256 alone. Each recording to
train on stands there SPEEDS times, slower and faster, which moves pitch and formants too. SOUNDS and TEXTS
name other places than those of Debian's packages. Needs python3-numpy.
"""

import gzip
import hashlib
import os
import re
import sys
import wave
from pathlib import Path

import numpy

SOUNDS = Path(os.environ.get("SOUNDS", "/usr/share/asterisk/sounds/en_US_f_Allison"))
TEXTS = Path(os.environ.get("TEXTS", "/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz"))
RATE = 8000
LONGEST = 20  # seconds
SPEEDS = {"train": (1, 0.88, 0.94, 1.07, 1.14), "validation": (1,), "test": (1,)}
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


def read(path: Path) -> numpy.ndarray:
    with wave.open(str(path)) as file:
        return numpy.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def write(path: Path, sound: numpy.ndarray, speed: float) -> None:
    at = numpy.arange(int((len(sound) - 1) / speed) + 1) * speed
    samples = numpy.interp(at, numpy.arange(len(sound)), sound)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(numpy.rint(samples).astype("<i2").tobytes())


def main(folder: Path) -> None:
    for needed in (SOUNDS, TEXTS):
        if not needed.exists():
            sys.exit(f"make_prompts.py: there is no {needed}: install asterisk-core-sounds-en-wav and "
                     "asterisk-core-sounds-en")
    (folder / "sounds").mkdir(parents=True, exist_ok=True)
    with gzip.open(TEXTS, "rt", encoding="utf-8") as lines, \
            (folder / "prompts.tsv").open("w", encoding="utf-8") as table:
        table.write("path\ttext\tsplit\n")
        for line in lines:
            name, colon, text = line.strip().partition(":")
            source, text = SOUNDS / f"{name}.wav", spoken(text)
            if not colon or not text or not source.is_file():
                continue
            sound, split = read(source), split_of(text)
            if len(sound) > LONGEST * RATE:
                continue
            for speed in SPEEDS[split]:
                path = f"sounds/{name.replace('/', '-')}" + (f"-{speed}" if speed != 1 else "") + ".wav"
                write(folder / path, sound, speed)
                table.write(f"{path}\t{text}\t{split}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("make_prompts.py takes one argument, the folder to write to")
    main(Path(sys.argv[1]))
