"""A mail server in a thread, in the words of RFC 5321: it takes mails, asks a function what to answer, and says it."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

SIZE_MAX = 26 << 20


@dataclass(frozen=True, slots=True)
class Handed:
    """A mail as it came: who the envelope says sent it, to whom, and its bytes with the line ends of the wire."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class _Conversation(socketserver.StreamRequestHandler):
    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 mail.example.org ESMTP")
        sender, recipients = "", []
        while line := self.rfile.readline().decode("utf-8", "replace").rstrip("\r\n"):
            verb = line.upper()
            if verb.startswith("EHLO"):
                self.say("250-mail.example.org")
                self.say("250-8BITMIME")
                self.say(f"250 SIZE {SIZE_MAX}")
            elif verb.startswith("MAIL FROM:"):
                sender, recipients = _address(line), []
                self.say("250 ok")
            elif verb.startswith("RCPT TO:"):
                recipients.append(_address(line))
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                mail = Handed(sender, tuple(recipients), self._data())
                self.say(self.server.answer(mail))
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def _data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return b"".join(lines)


def _address(line: str) -> str:
    return line.partition("<")[2].partition(">")[0]


@contextmanager
def mail_server(answer: Callable[[Handed], str]) -> Iterator[int]:
    """This will run the server and give its port; `answer` is called in the server's thread for each mail."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.daemon_threads = True
        server.answer = answer
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
