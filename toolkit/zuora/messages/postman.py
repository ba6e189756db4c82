"""The postman: gives mails to a mail server on this machine by SMTP."""

from email.message import EmailMessage
from email.utils import format_datetime, getaddresses
from smtplib import SMTP, SMTPException

from toolkit.errors import ToolkitError
from toolkit.zuora.files import billing_files
from toolkit.zuora.messages.mails import Mail
from toolkit.zuora.messages.notifications import is_local
from toolkit.zuora.state.world import World

_PATIENCE, _LAST_PORT = 10, 65535
_CHARSETS = {
    "UTF8": "utf-8",
    "Shift_JIS": "shift_jis",
    "ISO_2022_JP": "iso2022_jp",
    "EUC_JP": "euc_jp",
    "X_SJIS_0213": "shift_jisx0213",
}


class Postman:
    """Sends mails; ten seconds of silence end an attempt.

    Args:
        server: Host and port, such as 127.0.0.1:1025; mail never leaves this machine.

    Raises:
        ToolkitError: It is no such address, or of another machine.
    """

    def __init__(self, server: str) -> None:
        self._host, _, port = server.rpartition(":")
        known = port.isascii() and port.isdigit() and 0 < int(port[:6]) <= _LAST_PORT
        if not (self._host and known and is_local(self._host.strip("[]"))):
            raise ToolkitError(
                f"'{server}' is no mail server on this machine.", "Give its host and port, as 127.0.0.1:1025."
            )
        self._host, self._port = self._host.strip("[]"), int(port)

    def send(self, world: World, mail: Mail) -> str | None:
        """Send a mail and return None, or why it could not be sent."""
        try:
            message = written(world, mail)
            said = [one for one in (mail.to, mail.cc, mail.bcc) if one]  # Python 3.13 takes no empty ones
            everybody = [address for _, address in getaddresses(said) if address]
            with SMTP(self._host, self._port, timeout=_PATIENCE) as server:
                server.send_message(message, to_addrs=everybody)
        except (OSError, SMTPException, ValueError) as error:
            return f"{type(error).__name__}: {error}"
        return None


def written(world: World, mail: Mail) -> EmailMessage:
    """Return a mail as it is sent; its date is that of the environment's clock, its id that of the record.

    Raises:
        ValueError: An address cannot be read, or the encoding lacks a sign.
    """
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = mail.sender, mail.to, " ".join(mail.subject.split())
    for name, said in (("Cc", mail.cc), ("Reply-To", mail.reply_to)):
        if said:
            message[name] = said
    message["Date"] = format_datetime(mail.created)
    message["Message-ID"] = f"<{mail.id}@zuora.test>"
    subtype = "html" if mail.html else "plain"
    message.set_content(mail.body, subtype=subtype, charset=_CHARSETS[mail.encoding])
    found = billing_files.find_file(world, mail.file_id or "")
    if found is not None:
        content = billing_files.content(world, *found)
        name = billing_files.name(world, found[1])
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        message.set_boundary(f"={mail.id}=")
    return message
