"""One target under atheris, until its time is over or something is found: ``python -m tests.fuzz.run NAME``.

What follows the name are options of libFuzzer.  A process of its own, since libFuzzer ends its process.
"""

import sys

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

PACKAGES = ["connectors", "warehouse"]
"""What is instrumented: the fuzzer is led by the branches of our own code."""

with atheris.instrument_imports(include=PACKAGES):
    from tests.fuzz.targets import TARGETS

if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], TARGETS[sys.argv[1]])
    atheris.Fuzz()
