"""An HTTPS server for tests: one certificate of an authority of its own, and whatever octets a test wants."""

from __future__ import annotations

import asyncio
import datetime
import re
import ssl
import tempfile
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(names, expired=False):
    """A self-signed certificate for host names: the PEM text of certificate and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc)
    start = now - datetime.timedelta(days=30)
    end = now - datetime.timedelta(days=1) if expired else now + datetime.timedelta(days=30)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return built.public_bytes(serialization.Encoding.PEM) + private


class HttpsServer:
    """Answers every request with ``response``, a whole HTTP response in octets; ``requests`` are those that came.

    ``None`` as response means to say nothing; ``stays_open`` that the connection is not closed
    after it. A ``handler`` takes head and body of a request and gives the response instead.
    ``authority`` is the certificate as PEM text, ``trusting`` a client's context that knows the authority.
    """

    def __init__(self, names, expired=False):
        self.response: bytes | None = b""
        self.handler = None
        self.stays_open = False
        self.requests: list[bytes] = []
        self.port = 0
        self._pem = certificate(names, expired)

    @property
    def authority(self) -> str:
        return self._pem.partition(b"-----BEGIN PRIVATE")[0].decode()

    @property
    def trusting(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.load_verify_locations(cadata=self.authority)
        return context

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "pem")
            path.write_bytes(self._pem)
            context.load_cert_chain(path)
        return context

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exception):
        self._server.close()
        await asyncio.sleep(0)

    async def _serve(self, reader, writer):
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            self.requests.append(head)
            if self.handler is not None:
                size = re.search(rb"(?i)content-length: *(\d+)", head)
                writer.write(self.handler(head, await reader.readexactly(int(size[1]) if size else 0)))
                await writer.drain()
                return
            if self.response is None:
                await reader.read()
                return
            writer.write(self.response)
            await writer.drain()
            if self.stays_open:
                await reader.read()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def ok(body, content_type="text/plain"):
    """A response with a body."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body
