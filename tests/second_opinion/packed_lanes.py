"""Windows of a data set in the packed-lane order of include/rondo/data/batcher.hpp, once more.

Written from the rule, not from the C++ code: lane l of an epoch walks tokens [l n, (l + 1) n),
n = ceil(N / lanes); the target of position i is token i + 1, also across a lane's end; what lies
behind the last token, and the last token's own target, is masked. For a split of one document,
where no order of documents enters.
"""

import itertools
from typing import Iterable, Iterator, NamedTuple, Optional

import numpy

MASKED = -1


class Window(NamedTuple):
    inputs: numpy.ndarray  # int64 [time, lane]; 0 where the lane has run out
    targets: numpy.ndarray  # int64 [time, lane]; MASKED where there is none
    starts_epoch: bool  # every lane begins at its first step


def windows(
    tokens: numpy.ndarray, lanes: int, window: int, lengths: Optional[Iterable[int]] = None
) -> Iterator[Window]:
    """Endless: epoch after epoch. The last window of an epoch may be shorter. With `lengths`, as many
    as those, each of its own length."""
    length = -(-len(tokens) // lanes)
    inputs = numpy.zeros(lanes * length, dtype=numpy.int64)
    inputs[: len(tokens)] = tokens
    targets = numpy.full(lanes * length, MASKED, dtype=numpy.int64)
    targets[: len(tokens) - 1] = tokens[1:]
    inputs = inputs.reshape(lanes, length).T
    targets = targets.reshape(lanes, length).T
    first = 0
    for own in itertools.repeat(window) if lengths is None else lengths:
        last = min(first + own, length)
        yield Window(inputs[first:last], targets[first:last], first == 0)
        first = 0 if last == length else last
