"""What a room costs: entering it, its first cell, one probe, and rooms a second.

    python -m benchmarks.rooms [--isolation walls|none] [--rooms 100] [--workers 2]

Prints a table of medians and 95th percentiles; the warm process is started beforehand and its
start is listed separately.
"""

import argparse
import os
import platform
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from autograder.sandbox import Sandbox, SandboxUnavailable

ROOT = Path(__file__).resolve().parents[1]
CELL = "import numpy as np\n\ndef softmax(z):\n    e = np.exp(z - z.max())\n    return e / e.sum()"
TORCH_CELL = "import torch\nw = torch.ones(3, requires_grad=True)\n(w * w).sum().backward()\nw.grad"
SCORES = np.array([1.0, 2.0, 3.0])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--isolation", choices=["walls", "none"], default="walls")
    parser.add_argument("--rooms", type=int, default=100, help="rooms of each measurement")
    parser.add_argument("--workers", type=int, default=2, help="threads that open rooms")
    arguments = parser.parse_args()
    try:
        with Sandbox(arguments.isolation, readable=[ROOT / "course"]) as sandbox:
            started = time.perf_counter()
            sandbox.open().close()
            warm = time.perf_counter() - started
            steps = measure_steps(sandbox, arguments.rooms)
            rate = measure_rate(sandbox, arguments.rooms, arguments.workers)
    except SandboxUnavailable as problem:
        sys.exit(str(problem))
    user = "root" if os.geteuid() == 0 else "an ordinary user"
    print(f"Rooms with isolation {arguments.isolation!r}, as {user}, on {os.cpu_count()} cores")
    print(f"Linux {platform.release()}, Python {platform.python_version()}\n")
    print(f"{'':34}{'median':>10}{'95 %':>10}")
    for name, seconds in steps.items():
        typical, slow = statistics.median(seconds), np.quantile(seconds, 0.95)
        print(f"{name:34}{1000 * typical:>7.1f} ms{1000 * slow:>7.1f} ms")
    print(f"{f'rooms a second, {arguments.workers} workers':34}{rate:>10.1f}")
    print(f"{'start of the warm process, once':34}{warm:>8.1f} s")


def measure_steps(sandbox, count):
    """Seconds of each step, in `count` rooms one after the other."""
    steps = {}

    def timed(name, action):
        started = time.perf_counter()
        result = action()
        steps.setdefault(name, []).append(time.perf_counter() - started)
        return result

    for _ in range(count):
        entered = time.perf_counter()
        room = timed("enter a room", sandbox.open)
        timed("first cell", lambda: room.run(CELL))
        steps.setdefault("entered to first cell done", []).append(time.perf_counter() - entered)
        answer = timed("first probe, one call", lambda: room.probe("softmax", [((SCORES,), {})]))
        assert answer[0].kind == "value", answer
        timed("probe of 20 calls", lambda: room.probe("softmax", [((SCORES,), {})] * 20))
        timed("first cell with PyTorch", lambda: room.run(TORCH_CELL))
        timed("leave the room", room.close)
    return steps


def measure_rate(sandbox, count, workers):
    """Rooms a second, each with one cell and one probe, opened by `workers` threads."""

    def visit(_):
        with sandbox.open() as room:
            room.run(CELL)
            room.probe("softmax", [((SCORES,), {})])

    started = time.perf_counter()
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(visit, range(count)))
    return count / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
