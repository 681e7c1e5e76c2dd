"""What is measured: shapes of models, how they are spread over cores, and how work is counted.

Operations are useful ones alone: a multiply-add is two, each weight of a matrix takes part in three
products (forward, gradient of its input, gradient of itself) for each symbol. The embedding is a
look-up and counts nothing, nor do biases, gate functions, softmax, clipping and the optimizer.
"""

import dataclasses
import re
from typing import Dict, Tuple

GATES = {"tanh": 1, "gru": 3, "lstm": 4}
OPERATIONS_A_WEIGHT = 6


@dataclasses.dataclass(frozen=True)
class Shape:
    """A language model and the part of its training that one core gets: `lanes` sequences."""

    cell: str  # as rondo calls it: tanh (Elman), gru, lstm
    layers: int
    hidden: int  # units of a layer, and the size of the embedding
    lanes: int
    vocabulary: int
    window: int = 64

    @property
    def name(self) -> str:
        """lstm-2x512-32-65: cell, layers x hidden, lanes, vocabulary; a window that is not 64."""
        window = "" if self.window == 64 else f"-{self.window}"
        return (
            f"{self.cell}-{self.layers}x{self.hidden}-{self.lanes}-{self.vocabulary}{window}"
        )  # fmt: skip

    def matrix_weights(self) -> int:
        """Elements of the matrices that are multiplied: input and recurrent ones, and the head."""
        layer = GATES[self.cell] * self.hidden * (self.hidden + self.hidden)
        return self.layers * layer + self.hidden * self.vocabulary

    def operations(self) -> int:
        """Floating-point operations of training, for a symbol."""
        return OPERATIONS_A_WEIGHT * self.matrix_weights()


def parse(name: str) -> Shape:
    match = re.fullmatch(r"(\w+)-(\d+)x(\d+)-(\d+)-(\d+)(?:-(\d+))?", name)
    if match is None or match[1] not in GATES:
        raise ValueError(
            f"'{name}' is no shape: CELL-LAYERSxHIDDEN-LANES-VOCABULARY[-WINDOW] is wanted, as in "
            f"lstm-2x512-32-65, with a cell of {', '.join(GATES)}"
        )
    numbers = [int(text) for text in match.groups()[1:] if text is not None]
    if min(numbers) < 1:
        raise ValueError(f"'{name}': every number of a shape is at least 1")
    return Shape(match[1], *numbers)


# The shapes that rondo's speed is stated for.
ALL = tuple(
    parse(name)
    for name in (
        "lstm-1x128-32-65", "lstm-1x256-32-65", "lstm-2x512-32-65", "lstm-2x512-64-256",
        "lstm-1x1024-64-256", "lstm-2x256-20-10000-35", "lstm-2x512-16-65", "lstm-2x512-128-65",
        "gru-1x128-32-65", "gru-2x512-32-65", "gru-1x1024-64-256",
        "tanh-1x128-32-65", "tanh-2x512-32-65", "tanh-1x1024-64-256",
    )  # fmt: skip
)


@dataclasses.dataclass(frozen=True)
class Mode:
    """How a model is spread: every thread of every rank has `lanes` sequences."""

    ranks: int
    threads: int
    hosts: bool = False  # a rank on each of several hosts, which share this machine's cores

    def all_lanes(self, shape: Shape) -> int:
        return shape.lanes * self.ranks * self.threads


MODES: Dict[str, Mode] = {
    "one-core": Mode(1, 1),
    "two-threads": Mode(1, 2),
    "two-ranks": Mode(2, 1),
    "four-hosts": Mode(4, 1, hosts=True),
}


def share_of_peak(shape: Shape, symbols_per_second: float, peak: float) -> float:
    """`peak`: operations a second of all cores in use together."""
    return symbols_per_second * shape.operations() / peak


def steps_for(shape: Shape, seconds: float, peak: float) -> Tuple[int, int]:
    """Steps to warm up (at most ten), and a multiple of them to be timed.

    The timed ones take about `seconds` at half of the `peak` that a rank's thread has, and are at
    least two.
    """
    step = shape.lanes * shape.window * shape.operations() / (0.5 * peak)
    wanted = max(2, round(seconds / step))
    warm = min(10, wanted)
    return warm, warm * round(wanted / warm)
