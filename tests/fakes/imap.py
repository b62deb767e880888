"""A real IMAP server on loopback: Debian's dovecot, with a folder, settings and ports of its own."""

import getpass
import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pwd import getpwnam

PROGRAM = shutil.which("dovecot") or next((one for one in ("/usr/sbin/dovecot",) if Path(one).exists()), "")
PASSWORD = "r/ght@"
_SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
mail_location = maildir:{folder}/mail/%u
first_valid_uid = 1
ssl = {ssl}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class ImapFake:
    port: int
    tls_port: int
    user: str = "bounces@example.org"

    @property
    def url(self) -> str:
        return f"imap://bounces%40example.org:r%2Fght%40@127.0.0.1:{self.port}/INBOX"

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """As the mailbox's owner sees it."""
        with imaplib.IMAP4("127.0.0.1", self.port, 20) as line:
            line.login(self.user, PASSWORD)
            line.select("INBOX")
            yield line

    def put(self, *mails: bytes, flags: str = "") -> None:
        with self.client() as line:
            for mail in mails:
                state, told = line.append("INBOX", flags, "", mail)
                assert state == "OK", told

    def flags(self, folder: str = "INBOX") -> list[str]:
        """Of each mail of a folder, in their order."""
        with self.client() as line:
            line.select(folder, readonly=True)
            told = line.uid("FETCH", "1:*", "(FLAGS)")[1]
        found = [one.decode() for one in told if isinstance(one, bytes)]
        return [
            one.partition("FLAGS (")[2].partition(")")[0].replace(r"\Recent", "").strip() for one in found
        ]

    def empty(self) -> None:
        with self.client() as line:
            line.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            line.expunge()


@contextmanager
def run_imap_server(certificate: Path | None = None) -> Iterator[ImapFake]:
    folder = Path(tempfile.mkdtemp(prefix="broadsheet-imap-"))
    fake = ImapFake(_free_port(), _free_port())
    settings = folder / "dovecot.conf"
    settings.write_text(_settings(folder, fake, certificate))
    (folder / "mail").mkdir()
    folder.chmod(0o755)
    if os.getuid() == 0:  # dovecot reads no mail as root
        shutil.chown(folder / "mail", "mail", "mail")
    server = subprocess.Popen([PROGRAM, "-F", "-c", str(settings)])
    try:
        _wait(fake, folder)
        yield fake
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, fake: ImapFake, certificate: Path | None) -> str:
    me = getpass.getuser()
    is_root = os.getuid() == 0
    owner = getpwnam("mail" if is_root else me)
    ssl = "no"
    if certificate:
        ssl = f"yes\nssl_cert = <{certificate}/cert.pem\nssl_key = <{certificate}/key.pem"
    return _SETTINGS.format(
        folder=folder,
        internal="dovecot" if is_root else me,
        group="dovecot" if is_root else owner.pw_gid,
        login="dovenull" if is_root else me,
        uid=owner.pw_uid,
        gid=owner.pw_gid,
        port=fake.port,
        tls_port=fake.tls_port if certificate else 0,
        ssl=ssl,
        password=PASSWORD,
    )


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait(fake: ImapFake, folder: Path) -> None:
    for _ in range(100):
        try:
            with fake.client():
                return
        except OSError:
            time.sleep(0.1)
    log = folder / "log"
    raise AssertionError(log.read_text() if log.exists() else "dovecot did not start")
