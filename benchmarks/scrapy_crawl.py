"""A bare Scrapy spider on the pages of the benchmarks: it fetches them and keeps nothing.

Run by ``benchmarks/pages.py`` in a process of its own, with whichever Python has Scrapy::

    python benchmarks/scrapy_crawl.py 64 < addresses
"""

import json
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, ClassVar

import scrapy
from scrapy.crawler import CrawlerProcess


class Bare(scrapy.Spider):  # type: ignore[misc]
    """Asks for every address and looks at none."""

    name = "bare"
    addresses: ClassVar[list[str]] = []
    received: ClassVar[int] = 0

    async def start(self) -> AsyncIterator[Any]:
        """One request to each address."""
        for address in self.addresses:
            yield scrapy.Request(address)

    def parse(self, response: Any) -> Iterator[Any]:
        """Keep nothing but the number of bytes."""
        Bare.received += len(response.body)
        yield from ()


def main() -> None:
    """Crawl, then print what it took as JSON; Scrapy's own start is not counted."""
    settings: dict[str, Any] = {"ROBOTSTXT_OBEY": True, "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False}
    if len(sys.argv) > 1:
        settings["CONCURRENT_REQUESTS"] = int(sys.argv[1])
    process = CrawlerProcess(settings)
    process.crawl(Bare, addresses=sys.stdin.read().split())
    began, used = time.perf_counter(), time.process_time()
    process.start()
    told = {"wall": time.perf_counter() - began, "cpu": time.process_time() - used, "bytes": Bare.received}
    peak = Path("/proc/self/status").read_text(encoding="ascii").split("VmHWM:")[1].split()[0]
    print(json.dumps(told | {"rss_mb": int(peak) / 1024}))


if __name__ == "__main__":
    main()
