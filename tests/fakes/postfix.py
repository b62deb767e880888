"""Debian's Postfix with folders of its own on a free port: what it takes lies in maildirs afterwards.

Its master must be started by root; all that speaks or writes is another user. Nothing of the machine's own
Postfix is touched, and what was started here ends here.
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

POSTFIX = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
WHY_NOT = (
    "there is no postfix: apt-get install postfix" if POSTFIX is None
    else "starting a Postfix needs root" if os.geteuid() else ""
)  # fmt: skip
PATIENCE_S = 20.0

MAIN = """\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
mail_owner = postfix
setgid_group = postdrop
myhostname = mail.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
alias_maps =
smtpd_data_restrictions = reject_unauth_pipelining
smtpd_forbid_unauth_pipelining = yes
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = texthash:{folder}/readers
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
"""

MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


@dataclass(frozen=True)
class Postfix:
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=no"

    @property
    def log(self) -> str:
        path = self.folder / "log"
        return path.read_text() if path.exists() else ""

    def mails(self, reader: str) -> list[bytes]:
        return [path.read_bytes() for path in sorted((self.folder / "mail" / reader / "new").glob("*"))]

    def settle(self, count: int) -> None:
        """Wait until so many mails lie in all maildirs."""
        give_up_s = time.monotonic() + PATIENCE_S
        while len(list((self.folder / "mail").glob("*/new/*"))) < count:
            assert time.monotonic() < give_up_s, self.log[-3_000:]
            time.sleep(0.1)


@contextmanager
def run_postfix(readers: Sequence[str]) -> Iterator[Postfix]:
    """`readers`: names that have a mailbox at example.org; every other is refused."""
    assert not WHY_NOT, WHY_NOT
    with tempfile.TemporaryDirectory(prefix="postfix-") as name:
        postfix = Postfix(Path(name), _free_port())
        _write(postfix, readers)
        _run(postfix, "start")
        try:
            _await_greeting(postfix)
            yield postfix
        finally:
            _run(postfix, "stop")


def _write(postfix: Postfix, readers: Sequence[str]) -> None:
    folder, owner, nobody = postfix.folder, pwd.getpwnam("postfix"), pwd.getpwnam("nobody")
    folder.chmod(0o755)  # whoever writes the maildirs is not root
    for name in ("queue", "data", "mail"):
        (folder / name).mkdir()
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    os.chown(folder / "mail", nobody.pw_uid, nobody.pw_gid)
    main = MAIN.format(folder=folder, uid=nobody.pw_uid, gid=nobody.pw_gid)
    known = _known_settings()
    lines = [line for line in main.splitlines() if line.partition(" ")[0] in known]
    (folder / "main.cf").write_text("\n".join([*lines, ""]))
    (folder / "master.cf").write_text(MASTER.format(port=postfix.port))
    (folder / "readers").write_text("".join(f"{name}@example.org {name}/\n" for name in readers))


def _known_settings() -> set[str]:
    """An older Postfix warns of settings that it does not know."""
    printed = subprocess.run(["postconf", "-d"], capture_output=True, text=True, check=True).stdout
    return {line.partition(" ")[0] for line in printed.splitlines()}


def _run(postfix: Postfix, what: str) -> None:
    assert POSTFIX is not None
    done = subprocess.run(
        [POSTFIX, "-c", str(postfix.folder), what], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr + postfix.log[-3_000:]


def _await_greeting(postfix: Postfix) -> None:
    give_up_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            with socket.create_connection(("127.0.0.1", postfix.port), timeout=5) as line:
                assert line.recv(100).startswith(b"220 ")
                return
        except OSError:
            assert time.monotonic() < give_up_s, postfix.log[-3_000:]
            time.sleep(0.1)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
