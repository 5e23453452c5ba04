"""The way in: ``python -m benchmarks pages``, ``… orchestration``, ``… replay``.

Reading processes begin by importing the program that started them, unless it is a ``__main__.py``:
as with ``impact``, they import only what they need.
"""

import sys
from importlib import import_module

BENCHMARKS = ("pages", "orchestration", "replay", "collecting", "site", "thousand_nights")

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in BENCHMARKS:
        sys.exit(f"Say which: python -m benchmarks {'|'.join(BENCHMARKS)}")
    import_module(f"benchmarks.{sys.argv.pop(1)}").main()
