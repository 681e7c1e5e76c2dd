#!/usr/bin/env python3
"""Draws the roofline of `rondo bench step --json` as an SVG.

    rondo bench step --cell lstm gru tanh --layers 1 --json | tests/bench/roofline.py > roofline.svg

Across: how many times longer the multiply-add units need for the operations than the caches need
for the bytes, in powers of two; left of 1 a shape would be bound by memory, right of it by the
units. Upwards: the share of the multiply-add peak that was reached. The roof is what a perfect
program would reach (Williams, Waterman & Patterson 2009).
"""

import json
import math
import sys
from typing import Dict, List

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 150, 50, 60
COLOURS = {"lstm": "#1b6ca8", "gru": "#c8553d", "tanh": "#4f8a3c", "relu": "#8a6fb0"}
NAMES = {"lstm": "LSTM", "gru": "GRU", "tanh": "Elman, tanh", "relu": "Elman, relu"}
LEAST, MOST = 0.25, 64.0  # of the axis across


def across(ratio: float) -> float:
    share = math.log2(ratio / LEAST) / math.log2(MOST / LEAST)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def up(share: float) -> float:
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def text(x: float, y: float, words: str, anchor: str = "middle", extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" {extra}>{words}</text>'


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {style}/>'


def axes() -> List[str]:
    parts = []
    grid = 'stroke="#e4e4e4"'
    for percent in range(0, 101, 20):
        y = up(percent / 100)
        parts += [line(LEFT, y, WIDTH - RIGHT, y, grid), text(LEFT - 8, y + 4, f"{percent} %", "end")]
    power = LEAST
    while power <= MOST:
        x = across(power)
        words = f"{power:g}" if power >= 1 else f"1/{1 / power:g}"
        parts += [line(x, up(0), x, up(1), grid), text(x, up(0) + 18, words)]
        power *= 2
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(text(middle, HEIGHT - 14, "time of the operations at the peak / time of the bytes"))
    roof = f"M{across(LEAST):.1f},{up(LEAST):.1f} "
    for step in range(33):
        ratio = LEAST * (1 / LEAST) ** (step / 32)
        roof += f"L{across(ratio):.1f},{up(ratio):.1f} "
    roof += f"L{across(MOST):.1f},{up(1):.1f}"
    parts.append(f'<path d="{roof}" fill="none" stroke="#333" stroke-width="2"/>')
    parts.append(text(across(MOST) - 4, up(1) - 8, "multiply-add peak", "end"))
    parts.append(text(across(0.6), up(0.5), "bandwidth of the caches", "start"))
    return parts


def points(rows: List[Dict]) -> List[str]:
    parts = []
    for row in rows:
        x = across(min(MOST, 1 / row["bytes_time_over_fma_time"]))
        y = up(row["share_of_peak_median"])
        radius = 2.5 + math.log2(row["hidden"] / 64)  # larger for larger layers
        title = (f"{row['cell']} {row['hidden']}, {row['lanes']} lanes: "
                 f"{100 * row['share_of_peak_median']:.0f} % of peak")
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" '
                     f'fill="{COLOURS[row["cell"]]}" fill-opacity="0.75"><title>{title}</title></circle>')
    return parts


def legend(rows: List[Dict]) -> List[str]:
    parts = []
    x, y = WIDTH - RIGHT + 20, TOP + 12
    for cell in dict.fromkeys(row["cell"] for row in rows):
        parts.append(f'<circle cx="{x}" cy="{y - 4}" r="5" fill="{COLOURS[cell]}"/>')
        parts.append(text(x + 12, y, NAMES[cell], "start"))
        y += 22
    y += 8
    for hidden in sorted({row["hidden"] for row in rows}):
        radius = 2.5 + math.log2(hidden / 64)
        parts.append(f'<circle cx="{x}" cy="{y - 4}" r="{radius:.1f}" fill="#999"/>')
        parts.append(text(x + 12, y, f"{hidden} units", "start"))
        y += 22
    return parts


def draw(report: Dict) -> str:
    rows = report["rows"]
    title = (f"Recurrent layers on one core: {report['processor']}, {report['vector']}, peak "
             f"{report['fma_peak_gflops_after']:.0f} GFLOP/s")
    body = [text(LEFT, 26, title, "start", 'font-size="15"'), *axes(), *points(rows), *legend(rows)]
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
            f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12" fill="#222">\n'
            f'<rect width="100%" height="100%" fill="white"/>\n' + "\n".join(body) + "\n</svg>\n")


if __name__ == "__main__":
    sys.stdout.write(draw(json.load(sys.stdin)))
