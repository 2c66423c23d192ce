"""A mail server on a socket, as real as a test needs: it speaks SMTP, keeps what it takes, and refuses on demand."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from tests.sockets import Serving


class SmtpServer(Serving):
    """`answers` maps a command (`RCPT`, `MAIL`, `DATA`, `.` for the end of the data, `CONNECT`) to what is answered
    instead; `drop` names the command at which the line is cut, `silent` the one that is never answered."""

    def __init__(self) -> None:
        self.answers: dict[str, str] = {}
        self.drop = self.silent = ""
        self.kept: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self._over = threading.Event()
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                outer._speak(self)

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler, bind_and_activate=True)
        self._server.daemon_threads = True
        self.port = int(self._server.server_address[1])

    def settings(self, settings: Any) -> None:
        """Make it the installation's mail server."""
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False

    def _speak(self, handler: socketserver.StreamRequestHandler) -> None:
        def answer(command: str, usual: str) -> bool:
            if command == self.silent:
                self._over.wait(30)
            if command in (self.drop, self.silent):
                return False
            handler.wfile.write(f"{self.answers.get(command, usual)}\r\n".encode())
            return True

        going = answer("CONNECT", "220 test ESMTP")
        while going and (line := handler.rfile.readline()):
            command = line.decode().strip().upper()[:4]
            if command == "QUIT":
                answer("QUIT", "221 bye")
                return
            going = answer(command, "354 go on" if command == "DATA" else "250 ok")
            if going and command == "DATA" and self.answers.get("DATA", "354").startswith("354"):
                self._take(handler)
                going = answer(".", "250 taken")

    def _take(self, handler: socketserver.StreamRequestHandler) -> None:
        lines = []
        while (line := handler.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        if not self.answers.get(".", "250").startswith("5"):
            self.raw.append(b"".join(lines))
            self.kept.append(message_from_bytes(self.raw[-1], policy=policy.default))
