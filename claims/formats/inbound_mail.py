"""A mail somebody answered with (RFC 5322): the address it was sent to, what is new in it, its attachments.

What the sender quotes from earlier letters and signs with is cut off: it holds names and addresses, and it has been
said before. A line counts as the beginning of a quotation only in the shapes mail programs write it in, so that no
words of the answer itself are lost: what is in doubt stays. Text in, dataclasses out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parseaddr
from html.parser import HTMLParser

SIZE_MAX = 25 << 20
"""Bytes of a whole mail; evidence alone may have 20 MB, and grows by a third in a mail."""
ATTACHMENTS_MAX = 5
ADDRESSED = ("Delivered-To", "X-Original-To", "To", "Cc")

_ORIGINAL = re.compile(
    r"^\s*-{2,}\s*(original message|forwarded message|исходное сообщение|пересылаемое сообщение)", re.I
)
_WROTE = re.compile(r"^\s*(>\s*)?(on|am|le|el)\b.{0,300}\b(wrote|schrieb|écrit|escribió)\s*:\s*$", re.I)
_WROTE_RU = re.compile(r"^.{0,300}(пишет|писал|писала|написал|написала|написал\(а\)|писал\(а\))\s*:\s*$", re.I)
_WHO = re.compile(r"^.{4,300}<[^<>\s]+@[^<>\s]+>\s*:\s*$")
"""A day and an address before a colon, as some programs put it."""
_HEADER = re.compile(r"^\s*\*?(from|sent|to|subject|от|отправлено|кому|тема|von|gesendet|an|betreff)\*?\s*:\s", re.I)
_SIGNATURE = re.compile(r"^-- ?$")
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+\.[^\s<>()\[\],;:\"]+")


class UnreadableMail(ValueError):
    """The bytes are no mail, or more than one may have; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Inbound:
    """What was read of a mail. `is_automatic`: a program wrote it (an absence, a bounce), so nobody is to answer it."""

    message_id: str
    sender: str
    recipients: tuple[str, ...]
    text: str
    attachments: tuple[Attached, ...]
    is_automatic: bool


def read_mail(raw: bytes) -> Inbound:
    """This will read a mail. Raises: UnreadableMail (mail_too_large, mail_unreadable, mail_too_many_files)."""
    if len(raw) > SIZE_MAX:
        raise UnreadableMail("mail_too_large")
    try:
        message = BytesParser(policy=policy.default).parsebytes(raw)
        assert isinstance(message, EmailMessage)
        sender = parseaddr(str(message.get("From", "")))[1].lower()
        headers = [str(value) for name in ADDRESSED for value in message.get_all(name, [])]
        recipients = tuple(address.lower() for _, address in getaddresses(headers) if "@" in address)
        attachments = tuple(_attached(message))
        text = new_words(_text_of(message))
    except (MessageError, ValueError, LookupError, TypeError, AttributeError, IndexError, KeyError) as error:
        raise UnreadableMail("mail_unreadable") from error
    if not sender or not recipients:
        raise UnreadableMail("mail_unreadable")
    if len(attachments) > ATTACHMENTS_MAX:
        raise UnreadableMail("mail_too_many_files")
    return Inbound(
        message_id=str(message.get("Message-ID", "")).strip(),
        sender=sender,
        recipients=recipients,
        text=text,
        attachments=attachments,
        is_automatic=_is_automatic(message),
    )


def new_words(text: str) -> str:
    """This will give what is new in an answer: without quotations, the letter below it, and the signature."""
    kept: list[str] = []
    lines = text.replace("\r\n", "\n").split("\n")
    skipped = 0
    for at, line in enumerate(lines):
        if _SIGNATURE.match(line) or _ORIGINAL.match(line) or _begins_letter(lines, at):
            break
        skipped = skipped - 1 if skipped else _announces(lines, at)
        if not skipped and not _is_quoted(line):
            kept.append(line.rstrip())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def without_addresses(text: str) -> str:
    """This will put dots in the place of mail addresses: words that go to another party carry none."""
    return _ADDRESS.sub("…@…", text)


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _announces(lines: list[str], at: int) -> int:
    """How many lines from here on say who wrote what is quoted below; some programs break it after 72 characters."""
    for count in (1, 2):
        said, below = " ".join(lines[at : at + count]), lines[at + count : at + count + 5]
        is_one = _WROTE.match(said) or (count == 1 and (_WROTE_RU.match(said) or _WHO.match(said)))
        if is_one and lines[at].strip() and (any(map(_is_quoted, below)) or not any(each.strip() for each in below)):
            return count
    return 0


def _begins_letter(lines: list[str], at: int) -> bool:
    """Three header lines in a row are the letter that was answered, as some programs put it below."""
    return all(_HEADER.match(line) for line in lines[at : at + 3]) and len(lines) >= at + 3


def _text_of(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    content = body.get_content()
    if not isinstance(content, str):
        return ""
    return _as_text(content) if body.get_content_type() == "text/html" else content


def _attached(message: EmailMessage) -> Iterator[Attached]:
    for part in message.iter_attachments():
        if part.get_content_disposition() != "attachment":
            continue  # pictures of a signature
        content = part.get_content() if not part.is_multipart() else part.as_bytes()
        data = content.encode() if isinstance(content, str) else content
        if isinstance(data, bytes) and data:
            yield Attached((part.get_filename() or "attachment")[-200:], data)


def _is_automatic(message: EmailMessage) -> bool:
    said = str(message.get("Auto-Submitted", "no")).lower()
    bulk = str(message.get("Precedence", "")).lower() in ("bulk", "junk", "auto_reply", "list")
    return said != "no" or bulk or str(message.get("Return-Path", "<x>")).strip() == "<>"


class _Text(HTMLParser):
    """The words of a page, quotations left out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        quotes = "gmail_quote" in (dict(attrs).get("class") or "")
        if tag in ("script", "style", "head", "blockquote") or quotes or self.hidden:
            if tag not in ("br", "img", "hr", "meta", "link", "input", "wbr"):
                self.hidden.append(tag)
        elif tag in ("br", "p", "div", "tr", "li"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.hidden:
            if tag in self.hidden:
                while self.hidden and self.hidden.pop() != tag:
                    pass
        elif tag in ("p", "div", "tr", "li"):
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(re.sub(r"\s+", " ", data))


def _as_text(page: str) -> str:
    reader = _Text()
    reader.feed(page)
    reader.close()
    return "".join(reader.words)
