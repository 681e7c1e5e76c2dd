"""The random numbers of include/rondo/core/random.hpp once more: Philox4x32-10 (Salmon et al. 2011)
from the paper, keyed and counted as that header says."""

import numpy

MULTIPLIERS = numpy.uint64(0xD2511F53), numpy.uint64(0xCD9E8D57)
WEYL = 0x9E3779B9, 0xBB67AE85
LOW, HALF = numpy.uint64(0xFFFFFFFF), numpy.uint64(32)


def philox(counter, key):
    """Four words; those of the counter may be arrays, which are broadcast."""
    c = [numpy.asarray(word, dtype=numpy.uint64) for word in counter]
    for number in range(10):
        k = [numpy.uint64((word + number * w) & 0xFFFFFFFF) for word, w in zip(key, WEYL)]
        a, b = MULTIPLIERS[0] * c[0], MULTIPLIERS[1] * c[2]
        c = [(b >> HALF) ^ c[1] ^ k[0], b & LOW, (a >> HALF) ^ c[3] ^ k[1], a & LOW]
    return numpy.broadcast_arrays(*c)


def stream(seed, purpose, major, minor):
    """The key of the stream of one purpose."""
    words = philox(
        (seed & 0xFFFFFFFF, seed >> 32, major & 0xFFFFFFFF, major >> 32), (purpose, minor)
    )
    return int(words[0]), int(words[1])


def unit_floats(key, times, lanes, units):
    """Uniform in [0, 1) with 24 bits, float32 [time, lane, unit]: unit u of a lane is word u mod 4
    of block (u / 4, lane, time)."""
    quad = numpy.arange(-(-units // 4))[None, None, :]
    lane = numpy.arange(lanes)[None, :, None]
    time = numpy.arange(times)[:, None, None]
    words = numpy.stack(philox((quad, lane, time, 0), key), axis=-1)
    words = words.reshape(times, lanes, -1)[:, :, :units]
    return (words >> numpy.uint64(8)).astype(numpy.float32) * numpy.float32(2.0**-24)
