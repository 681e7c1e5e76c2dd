#!/usr/bin/python3
"""join_digits.py RECORDINGS FOLDER: strings of spoken digits, joined from recordings of single ones.

RECORDINGS holds DIGIT_SPEAKER_NUMBER.wav, of 8 kHz. Writes FOLDER/strings/*.wav and FOLDER/strings.tsv
(path, digits, speaker, split): each speaker's recordings, put in a drawn order once a pass, are cut into
strings of 3 to 7, with pauses before, between and behind. The test is all of one speaker, TEST_SPEAKER,
whom no other split has; of the others the recordings 0 to 4 of each digit are the validation. Training's
strings are played faster or slower by a drawn factor, which moves the voice's pitch and formants too, so
that there are more voices than speakers, and have some noise. What is drawn hangs on SHA-256 of its purpose
alone. Needs python3-numpy.
"""

import hashlib
import os
import sys
import wave
from pathlib import Path

import numpy

RATE = 8000
TEST_SPEAKER = os.environ.get("TEST_SPEAKER", "yweweler")
PASSES = {"train": 8, "validation": 3, "test": 3}
STRING_SPEED = 0.25  # most that a string is faster or slower in training; a digit of it, besides
DIGIT_SPEED = 0.1
NOISE = (10, 50)  # decibels below the string


def draw(*purpose) -> float:
    """A number from 0 up to 1."""
    digest = hashlib.sha256(" ".join(map(str, purpose)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def read(path: Path) -> numpy.ndarray:
    with wave.open(str(path)) as file:
        if (file.getnchannels(), file.getsampwidth(), file.getframerate()) != (1, 2, RATE):
            sys.exit(f"join_digits.py: {path} is not of one channel, 16 bits and {RATE} Hz")
        return numpy.frombuffer(file.readframes(file.getnframes()), "<i2").astype(float)


def draw_between(low: float, high: float, *purpose) -> float:
    return low + (high - low) * draw(*purpose)


def noise(length: int, *purpose) -> numpy.ndarray:
    """White, of deviation 1."""
    raw = numpy.random.Philox(key=int(draw("noise", *purpose) * 2**48)).random_raw(length)
    return ((raw >> numpy.uint64(11)).astype(float) / 2**53 - 0.5) * 12**0.5


def background(sounds: list) -> float:
    """How loud recordings are where they are quietest: hundredths of a second, the median of all."""
    quietest = []
    for sound in sounds:
        pieces = sound[: len(sound) // 80 * 80].reshape(-1, 80)
        quietest.append(numpy.percentile(numpy.sqrt(numpy.mean(pieces**2, axis=1)), 5))
    return max(2.0, float(numpy.median(quietest)))


def pause(shortest: float, longest: float, level: float, *purpose) -> numpy.ndarray:
    """Seconds in which the recordings' background goes on."""
    return level * noise(int(RATE * draw_between(shortest, longest, "pause", *purpose)), *purpose)


def join(recordings: list, is_varied: bool, *purpose) -> numpy.ndarray:
    sounds = [read(path) for path in recordings]
    level = background(sounds)
    string_speed = STRING_SPEED * draw_between(-1, 1, "speed", *purpose)
    parts = [pause(0.1, 0.25, level, *purpose, "before")]
    for place, sound in enumerate(sounds):
        if is_varied:
            factor = 1 + string_speed + DIGIT_SPEED * draw_between(-1, 1, "speed", *purpose, place)
            at = numpy.arange(int((len(sound) - 1) / factor)) * factor
            sound = numpy.interp(at, numpy.arange(len(sound)), sound)
        parts += [sound, pause(0, 0.25, level, *purpose, place)]
    parts.append(pause(0.1, 0.25, level, *purpose, "behind"))
    string = numpy.concatenate(parts)
    if is_varied:
        loudness = numpy.sqrt(numpy.mean(string**2))
        decibels = draw_between(*NOISE, "level", *purpose)
        string += loudness * 10 ** (-decibels / 20) * noise(len(string), *purpose, "all")
    return numpy.clip(numpy.rint(string), -32768, 32767).astype("<i2")


def strings(recordings: list, *purpose):
    """All of them, in a drawn order, by 3 to 7."""
    left = sorted(recordings, key=lambda path: draw("order", path.name, *purpose))
    while left:
        length = 3 + int(5 * draw("length", len(left), *purpose))
        if len(left) - length < 3:
            length = len(left) if len(left) <= 7 else 4
        yield left[:length]
        left = left[length:]


def parts_of(speaker: str, recordings: list) -> dict:
    """Of each split its recordings of a speaker."""
    if speaker == TEST_SPEAKER:
        return {"test": recordings}
    first = [path for path in recordings if int(path.stem.split("_")[2]) < 5]
    return {"train": [path for path in recordings if path not in first], "validation": first}


def write(path: Path, sound: numpy.ndarray) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())


def main(source: Path, folder: Path) -> None:
    speakers = {}
    for path in sorted(source.glob("[0-9]_*_*.wav")):
        speakers.setdefault(path.stem.split("_")[1], []).append(path)
    if TEST_SPEAKER not in speakers:
        sys.exit(f"join_digits.py: {source} has no recording of {TEST_SPEAKER}")
    (folder / "strings").mkdir(parents=True, exist_ok=True)
    with (folder / "strings.tsv").open("w") as table:
        table.write("path\tdigits\tspeaker\tsplit\n")
        for speaker, all_of_them in speakers.items():
            for split, recordings in parts_of(speaker, all_of_them).items():
                for turn in range(PASSES[split]):
                    for number, chosen in enumerate(strings(recordings, speaker, split, turn)):
                        path = f"strings/{split}-{speaker}-{turn}-{number:03}.wav"
                        write(folder / path, join(chosen, split == "train", speaker, split, turn, number))
                        digits = "".join(path.name[0] for path in chosen)
                        table.write(f"{path}\t{digits}\t{speaker}\t{split}\n")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("join_digits.py takes two arguments, the recordings' folder and the one to write to")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
