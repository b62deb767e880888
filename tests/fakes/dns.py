"""A name server on loopback that holds TXT records; it can also fail, lie, or say nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from socket import AF_INET, SOCK_DGRAM, socket
from threading import Thread

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset


@dataclass
class NameServer:
    port: int = 0
    texts: dict[str, list[str]] = field(default_factory=dict)  # by name; TXT records as a zone file has them
    is_silent: bool = False
    rcode: dns.rcode.Rcode | None = None
    asked: list[str] = field(default_factory=list)

    def resolver(self) -> dns.resolver.Resolver:
        made = dns.resolver.Resolver(configure=False)
        made.nameservers, made.port, made.timeout = ["127.0.0.1"], self.port, 0.3
        return made

    def answer(self, raw: bytes) -> bytes:
        query = dns.message.from_wire(raw)
        name = query.question[0].name
        self.asked.append(str(name).rstrip("."))
        reply = dns.message.make_response(query)
        reply.flags |= dns.flags.RA
        found = self.texts.get(self.asked[-1])
        if self.rcode is not None:
            reply.set_rcode(self.rcode)
        elif found is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif found:
            reply.answer.append(dns.rrset.from_text_list(name, 60, "IN", "TXT", found))
        return reply.to_wire()


@contextmanager
def run_name_server() -> Iterator[NameServer]:
    with socket(AF_INET, SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(0.05)
        server, ends = NameServer(listening.getsockname()[1]), False

        def serve() -> None:
            while not ends:
                try:
                    raw, who = listening.recvfrom(4_096)
                except TimeoutError:
                    continue
                if not server.is_silent:
                    listening.sendto(server.answer(raw), who)

        thread = Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            ends = True
            thread.join(5)
