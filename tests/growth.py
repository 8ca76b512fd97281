"""How work grows with what it is given: the claim behind "quick" that holds on a busy machine too."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable

TIMES = 8
LINEAR = 3 * TIMES
"""`growth` stays below this where work is in proportion to its input; squared, it would be ``TIMES * TIMES``."""
_TRIES = 25


def growth(work: Callable[[int], object]) -> float:
    """How many times as much ``work(TIMES)`` takes as ``work(1)``: in processor time of this thread, the least of a few
    tries, so what else the machine does is not in it. Once it is seen to be `LINEAR`, it is not tried again."""
    for size in (1, TIMES):
        work(size)  # what is done once, such as compiling a pattern, is done
    least = {1: math.inf, TIMES: math.inf}
    for _ in range(_TRIES):
        least = {size: min(known, _processor_time(work, size)) for size, known in least.items()}
        if least[TIMES] < LINEAR * least[1]:
            break
    return least[TIMES] / least[1]


def _processor_time(work: Callable[[int], object], size: int) -> float:
    collects = gc.isenabled()
    gc.disable()  # a collection is paid by whoever allocates next, and not in proportion
    try:
        began = time.thread_time()
        work(size)
        return time.thread_time() - began
    finally:
        if collects:
            gc.enable()
