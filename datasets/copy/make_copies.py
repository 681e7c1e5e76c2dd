#!/usr/bin/env python3
"""make_copies.py DELAY OUTPUT.csv: the copy problem, made up: the same bytes on every machine.

A sequence is ten symbols of the eight a to h, a delay whose last step is the mark "go" and the others
blank, and ten blanks, at which the ten symbols are to be said in their order. A row is a step; where
nothing is to be said, its class is missing. In validation and test the delay has DELAY steps, in
training 10 to DELAY, as often between 10 and 20 as between 160 and 320.
"""
import random
import sys

SEQUENCES = (("train", 8000), ("validation", 300), ("test", 1000))
SYMBOLS = "abcdefgh"
LENGTH = 10


def main():
    delay, output = int(sys.argv[1]), sys.argv[2]
    draw = random.Random(1)
    number = 0
    with open(output, "w", encoding="ascii", newline="\n") as table:
        table.write("sequence,split,symbol,say\n")
        for split, count in SEQUENCES:
            for _ in range(count):
                number += 1
                steps = delay
                if split == "train":
                    steps = min(delay, draw.randrange(10, 20) << draw.randrange(6))
                symbols = [SYMBOLS[draw.getrandbits(3)] for _ in range(LENGTH)]
                front = f"{number},{split},"
                table.writelines(f"{front}{symbol},\n" for symbol in symbols)
                table.write(f"{front}.,\n" * (steps - 1))
                table.write(f"{front}go,\n")
                table.writelines(f"{front}.,{symbol}\n" for symbol in symbols)


main()
