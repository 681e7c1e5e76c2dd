#!/usr/bin/env python3
"""A second opinion on features: librosa's of sounds, Pillow's and numpy's of pictures, of the same files.

Made-up sounds (tones, noise, clicks) at three rates become bands of the mel scale, coefficients and
slopes; made-up pictures of several kinds of pixels are decoded by Pillow, turned by its rules, and
scaled by whole factors. rondo stores floats: each number must agree to 1e-6 of the largest one. Exit
code 0 when all agree, 1 when not.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile
import wave

import h5py
import librosa
import numpy as np
from PIL import Image, ImageOps

BOUND = 1e-6


def prepared(rondo, folder, kind, files, options):
    """What `rondo prepare` makes of each file: [steps, width]."""
    (folder / "t.csv").write_text("path,y\n" + "".join(f"{name},{i}\n" for i, name in enumerate(files)))
    subprocess.run(
        [rondo, "prepare", "--task", "regress", "--input", folder / "t.csv", "--source", f"path:{kind}", "--target",
         "y", "--validation", "0", "--test", "0", "--output", folder / "t.rondo", *options],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    with h5py.File(folder / "t.rondo") as data:
        starts = data["train/starts"][:]
        numbers = data["train/columns/0"][:].reshape(starts[-1], -1)
    return [numbers[a:b] for a, b in zip(starts, starts[1:])]


def make_sound(draw, rate, samples):
    time = np.arange(samples) / rate
    wave_form = 0.3 * np.sin(2 * np.pi * (200 + 900 * time) * time) + 0.05 * draw.standard_normal(samples)
    wave_form[draw.integers(0, samples, 5)] = 0.9
    return np.clip(np.rint(wave_form * 32768), -32768, 32767).astype("<i2")


def librosa_features(samples, rate, window, step, bands, coefficients, deltas):
    """Windows begin at multiples of `step`; librosa puts the window into the middle of its transform."""
    points = 1 << max(1, (window - 1).bit_length())
    before = (points - window) // 2
    count = 1 + max(0, len(samples) - window) // step
    padded = np.concatenate([np.zeros(before), samples / 32768, np.zeros(points)])
    power = librosa.feature.melspectrogram(
        y=padded, sr=rate, n_fft=points, hop_length=step, win_length=window, window="hann", center=False, power=2,
        n_mels=bands, htk=True, norm=None, dtype=np.float64,
    )[:, :count]  # fmt: skip
    numbers = np.log(np.maximum(power, 1e-10))
    if coefficients:
        numbers = librosa.feature.mfcc(S=numbers, n_mfcc=coefficients, dct_type=2, norm="ortho")
    rows = [numbers]
    for _ in range(deltas):
        # The slope of a line through five steps, the ends repeated.
        rows.append(librosa.feature.delta(rows[-1], width=5, mode="nearest"))
    return np.concatenate(rows).T


def compare(what, ours, theirs):
    if ours.shape != theirs.shape:
        print(f"{what:60}{ours.shape} and {theirs.shape}  DIFFERS")
        return False
    difference = np.abs(ours - theirs).max() / np.abs(theirs).max()
    print(f"{what:60}{difference:12.2g}{'' if difference <= BOUND else '  DIFFERS'}")
    return difference <= BOUND


def check_sounds(rondo, folder, draw):
    right = True
    for rate, window, step, bands, coefficients, deltas in (
        (8000, 25, 10, 40, 0, 0),
        (8000, 25, 10, 40, 13, 2),
        (16000, 25, 10, 80, 0, 1),
        (16000, 32, 16, 40, 20, 0),
        (22050, 20, 7.5, 24, 12, 2),
    ):
        sounds = [make_sound(draw, rate, int(rate * seconds)) for seconds in (0.01, 0.2, 1.1)]
        names = []
        for sound in sounds:
            names.append(f"{len(names)}.wav")
            with wave.open(str(folder / names[-1]), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(rate)
                file.writeframes(sound.tobytes())
        options = ["--sound-window-ms", window, "--sound-step-ms", step, "--sound-bands", bands, "--sound-deltas", deltas]
        if coefficients:
            options += ["--sound-features", "mfcc", "--sound-coefficients", coefficients]
        ours = prepared(rondo, folder, "audio", names, map(str, options))
        for sound, own in zip(sounds, ours):
            if deltas and len(own) < 5:
                continue  # librosa wants as many steps as a slope reaches
            theirs = librosa_features(
                sound, rate, int(rate * window / 1000 + 0.5), int(rate * step / 1000 + 0.5), bands, coefficients, deltas
            )
            what = f"{rate} Hz, {window} ms each {step}, {bands} bands, {coefficients} coefficients, {deltas} slopes"
            right = compare(f"{what}, {len(own)} steps", own, theirs) and right
    return right


def pillow_features(path, factor, colours):
    """On white, each row of pixels a step; the mean over squares of `factor` pixels."""
    picture = ImageOps.exif_transpose(Image.open(path))
    largest = 65535 if picture.mode.startswith("I") else 255
    if largest == 255:
        rgba = np.asarray(picture.convert("RGBA"), dtype=np.float64) / largest
        values = rgba[..., :3] * rgba[..., 3:] + 1 - rgba[..., 3:]
    else:
        values = np.repeat(np.asarray(picture, dtype=np.float64)[..., None] / largest, 3, axis=2)
    if colours == "gray":
        values = values @ np.array([[0.299], [0.587], [0.114]])
    height, width, channels = values.shape
    return values.reshape(height // factor, factor, width // factor, factor, channels).mean(axis=(1, 3)).reshape(
        height // factor, -1
    )  # fmt: skip


def check_pictures(rondo, folder, draw):
    right = True
    height, width = 24, 36
    smooth = np.add.outer(np.arange(height), np.arange(width))[..., None] * np.array([2, 3, 1]) + 20
    pixels = np.clip(smooth + draw.integers(-20, 20, smooth.shape), 0, 255).astype(np.uint8)
    opacity = draw.integers(0, 256, (height, width, 1)).astype(np.uint8)
    colour = Image.fromarray(pixels)
    turned = Image.Exif()
    turned[0x0112] = 6
    made = {
        "gray.png": (Image.fromarray(pixels[..., 0]), {}),
        "deep.png": (Image.fromarray(draw.integers(0, 65536, (height, width)).astype(np.uint16)), {}),
        "bits.png": (colour.convert("1"), {}),
        "colour.png": (colour, {}),
        "palette.png": (colour.quantize(19), {}),
        "opacity.png": (Image.fromarray(np.concatenate([pixels, opacity], axis=2)), {}),
        "turned.png": (colour, {"exif": turned}),
        "plain.jpg": (colour, {"subsampling": 0, "quality": 90}),
        "thinned.jpg": (colour, {"subsampling": 2, "quality": 70}),
        "progressive.jpg": (colour, {"progressive": True}),
        "gray.jpg": (colour.convert("L"), {}),
        "turned.jpg": (colour, {"exif": turned}),
    }
    for name, (picture, options) in made.items():
        picture.save(folder / name, **options)
        for factor in (1, 2, 3):
            for colours in ("gray", "rgb"):
                theirs = pillow_features(folder / name, factor, colours)
                size = theirs.shape[0], theirs.shape[1] // (3 if colours == "rgb" else 1)
                options = ["--picture-steps", "rows", "--picture-colours", colours]
                options += ["--picture-height", str(size[0]), "--picture-width", str(size[1])]
                ours = prepared(rondo, folder, "image", [name, name], options)[0]
                right = compare(f"{name}, {colours}, scaled by {factor}", ours, theirs) and right
    return right


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rondo", default="build/release/rondo")
    options = parser.parse_args()
    draw = np.random.default_rng(5)
    with tempfile.TemporaryDirectory() as folder:
        sounds = check_sounds(options.rondo, pathlib.Path(folder), draw)
        pictures = check_pictures(options.rondo, pathlib.Path(folder), draw)
    return 0 if sounds and pictures else 1


if __name__ == "__main__":
    sys.exit(main())
