"""A mailbox on loopback that Odoo's incoming servers fetch from, by real packets: POP3 (RFC 1939) and IMAP (RFC 3501)."""

import re
import socketserver
import threading

POP, IMAP = 'pop', 'imap'


class Mailbox:
    """Mails in a mailbox: what a client reads, and what it deletes or marks as seen.

    :param str kind: POP or IMAP
    :param list mails: octets, with CRLF
    """

    def __init__(self, kind, mails):
        self.mails, self.seen, self.deleted = list(mails), set(), set()
        handler = type('Handler', (_Pop if kind == POP else _Imap,), {'mailbox': self})
        self.server = socketserver.ThreadingTCPServer(('127.0.0.1', 0), handler)
        self.server.daemon_threads = True
        self.address = self.server.server_address

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()


class _Pop(socketserver.StreamRequestHandler):

    def handle(self):
        mails = self.mailbox.mails
        self._say('+OK')
        while line := self.rfile.readline():
            command, *rest = line.decode().split()
            command = command.upper()
            if command == 'STAT':
                self._say(f'+OK {len(mails)} {sum(map(len, mails))}')
            elif command == 'LIST':
                self._say('+OK', *(f'{number} {len(mail)}' for number, mail in enumerate(mails, 1)), '.')
            elif command == 'RETR':
                self._say('+OK')
                for each in mails[int(rest[0]) - 1].removesuffix(b'\r\n').split(b'\r\n'):
                    self.wfile.write((b'.' if each.startswith(b'.') else b'') + each + b'\r\n')
                self._say('.')
            elif command == 'DELE':
                self.mailbox.deleted.add(int(rest[0]))
                self._say('+OK')
            else:
                self._say('+OK')
                if command == 'QUIT':
                    return

    def _say(self, *lines):
        self.wfile.write(''.join(f'{line}\r\n' for line in lines).encode())


class _Imap(socketserver.StreamRequestHandler):

    def handle(self):
        mails, seen = self.mailbox.mails, self.mailbox.seen
        self._say('* OK ready')
        while line := self.rfile.readline():
            tag, command, *rest = line.decode().split()
            command = command.upper()
            if command == 'CAPABILITY':
                self._say('* CAPABILITY IMAP4rev1')
            elif command == 'SELECT':
                self._say(f'* {len(mails)} EXISTS')
            elif command == 'SEARCH':
                unseen = ' '.join(str(number) for number in range(1, len(mails) + 1) if number not in seen)
                self._say(f'* SEARCH {unseen}')
            elif command == 'FETCH':
                mail = mails[int(rest[0]) - 1]
                seen.add(int(rest[0]))
                self._say(f'* {rest[0]} FETCH (RFC822 {{{len(mail)}}}')
                self.wfile.write(mail + b')\r\n')
            elif command == 'STORE':
                change = seen.add if re.search(r'\+FLAGS', line.decode()) else seen.discard
                change(int(rest[0]))
            elif command == 'LOGOUT':
                self._say('* BYE')
            self._say(f'{tag} OK done')
            if command == 'LOGOUT':
                return

    def _say(self, line):
        self.wfile.write(f'{line}\r\n'.encode())
