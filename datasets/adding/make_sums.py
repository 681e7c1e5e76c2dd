#!/usr/bin/env python3
"""make_sums.py STEPS OUTPUT.npz: the adding problem, made up: the same bytes on every machine.

A step is a number between 0 and 1 and a mark. One step of the first half and one of the second are
marked, and the sum of their two numbers is to be said. Arrays: x [N, STEPS, 2], sum [N], split [N].
"""
import array
import io
import random
import struct
import sys
import zipfile

# In steps: of 600, 5,000 sequences to train on.
SPLITS = (("train", 3_000_000), ("validation", 300_000), ("test", 600_000))


def npy(kind, shape, data):
    """The bytes of an array as NumPy saves it."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (-(10 + len(header) + 1) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def floats(values):
    """Little-endian float32."""
    if sys.byteorder == "big":
        values.byteswap()
    return values.tobytes()


def main():
    steps, output = int(sys.argv[1]), sys.argv[2]
    draw = random.Random(1)
    steps_of_all, sums, splits = array.array("f"), array.array("f"), io.StringIO()
    for split, all_steps in SPLITS:
        for _ in range(all_steps // steps):
            # 12 bits a number, so that it and the sum of two are exact in any format.
            row = array.array("f", bytes(8 * steps))
            for t in range(steps):
                row[2 * t] = draw.getrandbits(12) / 4096
            marked = (draw.randrange(steps // 2), draw.randrange(steps // 2, steps))
            for t in marked:
                row[2 * t + 1] = 1
            steps_of_all.extend(row)
            sums.append(row[2 * marked[0]] + row[2 * marked[1]])
            splits.write(split.ljust(10, "\0"))
    number = len(sums)
    # Without a time of its own a member is the same bytes tomorrow.
    with zipfile.ZipFile(output, "w") as archive:
        for name, data in (
            ("x", npy("<f4", (number, steps, 2), floats(steps_of_all))),
            ("sum", npy("<f4", (number,), floats(sums))),
            ("split", npy("<U10", (number,), splits.getvalue().encode("utf-32-le"))),
        ):
            archive.writestr(zipfile.ZipInfo(name + ".npy"), data)


main()
