#!/usr/bin/python3
"""join_digits.py RECORDINGS FOLDER: strings of spoken digits, joined from recordings of single ones.

RECORDINGS holds DIGIT_SPEAKER_NUMBER.wav, of 8 kHz. Writes FOLDER/strings/*.wav and FOLDER/strings.tsv
(path, digits, speaker, split): each speaker's recordings, put in a drawn order once a pass, are cut into
strings of 3 to 7, with pauses before, between and behind. Validation and test are of a speaker each,
HELD_OUT; the other speakers' strings are played faster or slower by a drawn factor of up to SPEED, which
moves the voice's pitch and formants too, so that there are more voices than speakers. What is drawn hangs
on SHA-256 of its purpose alone. Needs python3-numpy.
"""

import hashlib
import os
import sys
import wave
from pathlib import Path

import numpy

RATE = 8000
HELD_OUT = {"test": os.environ.get("TEST_SPEAKER", "yweweler"),
            "validation": os.environ.get("VALIDATION_SPEAKER", "theo")}
PASSES = {"train": 10, "validation": 2, "test": 3}
SPEED = float(os.environ.get("SPEED", "0.25"))


def draw(*purpose) -> float:
    """A number from 0 up to 1."""
    digest = hashlib.sha256(" ".join(map(str, purpose)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def read(path: Path) -> numpy.ndarray:
    with wave.open(str(path)) as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
            sys.exit(f"join_digits.py: {path} is not of one channel, 16 bits and {RATE} Hz")
        return numpy.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def pause(shortest: float, longest: float, *purpose) -> numpy.ndarray:
    """Seconds of noise that is hardly heard: a recording is never without any."""
    length = int(RATE * (shortest + (longest - shortest) * draw("pause", *purpose)))
    key = int(draw("noise", *purpose) * 2**48)
    return (numpy.random.Philox(key=key).random_raw(length) % 7).astype(float) - 3


def join(recordings: list, factor: float, *purpose) -> numpy.ndarray:
    parts = [pause(0.1, 0.25, *purpose, "before")]
    for place, path in enumerate(recordings):
        sound = read(path)
        at = numpy.arange(int((len(sound) - 1) / factor)) * factor
        parts += [numpy.interp(at, numpy.arange(len(sound)), sound), pause(0, 0.25, *purpose, place)]
    parts.append(pause(0.1, 0.25, *purpose, "behind"))
    return numpy.rint(numpy.concatenate(parts)).astype("<i2")


def strings(recordings: list, *purpose):
    """All of them, in a drawn order, by 3 to 7."""
    left = sorted(recordings, key=lambda path: draw("order", path.name, *purpose))
    while left:
        length = 3 + int(5 * draw("length", len(left), *purpose))
        if len(left) - length < 3:
            length = len(left) if len(left) <= 7 else 4
        yield left[:length]
        left = left[length:]


def main(source: Path, folder: Path) -> None:
    speakers = {}
    for path in sorted(source.glob("[0-9]_*_*.wav")):
        speakers.setdefault(path.name.split("_")[1], []).append(path)
    for speaker in HELD_OUT.values():
        if speaker not in speakers:
            sys.exit(f"join_digits.py: {source} has no recording of {speaker}")
    (folder / "strings").mkdir(parents=True, exist_ok=True)
    with (folder / "strings.tsv").open("w") as table:
        table.write("path\tdigits\tspeaker\tsplit\n")
        for speaker, recordings in speakers.items():
            split = next((name for name, held in HELD_OUT.items() if held == speaker), "train")
            for turn in range(PASSES[split]):
                for number, chosen in enumerate(strings(recordings, speaker, turn)):
                    purpose = (speaker, turn, number)
                    change = SPEED * (2 * draw("speed", *purpose) - 1) if split == "train" else 0
                    sound = join(chosen, 1 + change, *purpose)
                    path = f"strings/{speaker}-{turn}-{number:03}.wav"
                    with wave.open(str(folder / path), "wb") as file:
                        file.setnchannels(1)
                        file.setsampwidth(2)
                        file.setframerate(RATE)
                        file.writeframes(sound.tobytes())
                    digits = "".join(path.name[0] for path in chosen)
                    table.write(f"{path}\t{digits}\t{speaker}\t{split}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("join_digits.py takes two arguments, the recordings' folder and the one to write to")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
