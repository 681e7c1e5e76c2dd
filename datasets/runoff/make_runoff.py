#!/usr/bin/env python3
"""make_runoff.py OUTPUT.csv [YEARS]: rain, temperature and runoff of made-up basins, the same bytes on
every machine: sums, products and quotients alone, and Python's own random numbers.

A basin keeps snow until it is warm, water in its soil, and two reservoirs that run dry in proportion to
what is in them: a fast one in days, a slow one in months.
"""
import csv
import datetime
import random
import sys

BASINS = 6


def season(day_of_year):
    """From -1 in mid-winter to 1 in mid-summer and back: two parabolas, nearly a cosine."""
    x = ((day_of_year - 15) % 365.25) / 365.25
    x = 4 * x - 1 if x < 0.5 else 3 - 4 * x
    return x * (2 - abs(x))


def days_of(basin, years):
    """Of each day rain (mm), temperature (C) and runoff (mm)."""
    draw = random.Random(100 + basin)
    mean, swing = 7 - 1.6 * basin, 9 + 0.5 * basin  # the higher, the more snow
    capacity = 120 + 15 * basin
    snow, soil, fast, slow = 0.0, capacity / 2, 0.0, 100.0
    wet, warmth = False, 0.0
    for day in range(int(years * 365.25)):
        wet = draw.random() < (0.65 if wet else 0.25)
        rain = 45 * draw.random() * draw.random() * draw.random() if wet else 0.0
        warmth = 0.8 * warmth + 3 * (draw.random() + draw.random() - 1)
        warm = mean + swing * season(day % 365.25) + warmth
        if warm < 0:
            snow += rain
            water = 0.0
        else:
            melt = min(snow, 3 * warm)
            snow -= melt
            water = rain + melt
        full = min(soil / capacity, 1)
        runs = water * full * full
        soil += water - runs - 0.25 * max(warm, 0) * full
        soil = min(max(soil, 0), capacity)
        fast += 0.7 * runs
        slow += 0.3 * runs
        out = 0.35 * fast + 0.015 * slow
        fast -= 0.35 * fast
        slow -= 0.015 * slow
        yield rain, warm, out


def main():
    years = int(sys.argv[2]) if len(sys.argv) > 2 else 16
    with open(sys.argv[1], "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("basin", "day", "rain", "warm", "height", "runoff"))
        for basin in range(BASINS):
            day = datetime.date(2000, 1, 1)
            for rain, warm, out in days_of(basin, years):
                table.writerow((f"b{basin}", day, f"{rain:.2f}", f"{warm:.2f}", basin, f"{out:.3f}"))
                day += datetime.timedelta(1)


main()
