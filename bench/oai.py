"""How fast all papers are harvested over OAI-PMH: python -m bench.oai [--data FOLDER] [--prefix arXiv]
[--processes 2]

Starts `broadsheet web` on a filled data folder (bench.imports leaves one), and harvests it to the end: first
with a client that reads no more than the token, so that the figure is the server's, then with oaipmh-scythe,
which reads every record. Client and server share the machine; how long a page of two lines takes is told with
it, for the speed of a machine varies.
"""

import argparse
import http.client
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

from oaipmh_scythe import Scythe

from bench.load import ask
from bench.pages import OUT, served
from bench.watch import memory_mb

_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")


def main() -> None:
    arguments = _arguments()
    with served(arguments.data, arguments.processes, API_RATE="0") as (port, pid):
        print(f"{arguments.processes} processes; a page of two lines takes {_bar_ms(port):.2f} ms")
        next(_pages(port, arguments.prefix[0]))
        before = memory_mb(pid)[1]
        for prefix in arguments.prefix:
            began, records, size = time.perf_counter(), 0, 0
            times = []
            for body, took_s in _pages(port, prefix):
                records += body.count(b"<record>")
                size += len(body)
                times.append(took_s)
            _tell(f"{prefix}, pages alone", records, time.perf_counter() - began)
            times.sort()
            median, slowest = times[len(times) // 2] * 1_000, times[-1] * 1_000
            print(
                f"  {len(times)} pages, {size / 1e6:,.0f} MB, p50 {median:.0f} ms, slowest {slowest:.0f} ms"
            )
            began, own = time.perf_counter(), time.process_time()
            _tell(f"{prefix}, oaipmh-scythe", _scythe(port, prefix), time.perf_counter() - began)
            print(f"  of it {time.process_time() - own:.1f} s of computing by the client")
        print(f"memory of the server: {memory_mb(pid)[1]:,.0f} MB its own, {before:,.0f} MB before")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How fast all papers are harvested.")
    parser.add_argument(
        "--data", type=Path, default=OUT / "data", help="a data folder with papers, on SQLite"
    )
    parser.add_argument("--processes", type=int, default=1, help="how many processes serve")
    parser.add_argument("--prefix", nargs="+", default=["oai_dc", "arXiv"])
    return parser.parse_args()


def _bar_ms(port: int) -> float:
    times = []
    for _ in range(200):
        began = time.perf_counter()
        ask(port, "/robots.txt")
        times.append((time.perf_counter() - began) * 1_000)
    return sorted(times)[100]


def _pages(port: int, prefix: str) -> Iterator[tuple[bytes, float]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    asked = {"verb": "ListRecords", "metadataPrefix": prefix}
    while asked:
        began = time.perf_counter()
        connection.request("GET", f"/oai?{urlencode(asked)}")
        body = connection.getresponse().read()
        yield body, time.perf_counter() - began
        token = _TOKEN.search(body)
        asked = {"verb": "ListRecords", "resumptionToken": token[1].decode()} if token else {}


def _scythe(port: int, prefix: str) -> int:
    with Scythe(f"http://127.0.0.1:{port}/oai") as scythe:
        return sum(1 for _ in scythe.list_records(metadata_prefix=prefix))


def _tell(what: str, records: int, seconds: float) -> None:
    print(f"{what}: {records:,} records in {seconds:.1f} s, {records / seconds:,.0f} a second", flush=True)


if __name__ == "__main__":
    main()
