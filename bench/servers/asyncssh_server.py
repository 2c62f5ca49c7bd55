"""The bench service on asyncssh: asyncssh_server.py PORT HOST_KEY_FILE AUTHORIZED_KEY_FILE"""

import asyncio
import sys

import asyncssh

CHUNK = bytes(64 * 1024)


class BenchServer(asyncssh.SSHServer):
    def session_requested(self):
        return BenchSession()


class BenchSession(asyncssh.SSHServerSession):
    def __init__(self):
        self._received = 0
        self._left = 0
        self._command = None
        self._paused = False

    def connection_made(self, chan):
        self._chan = chan

    def pty_requested(self, term_type, term_size, term_modes):
        return True

    def shell_requested(self):
        return True

    def exec_requested(self, command):
        self._command, *arguments = command.split()
        if self._command == "down":
            self._left = int(arguments[0]) * 1024 * 1024 // len(CHUNK)
        return self._command in ("down", "up")

    def session_started(self):
        if self._command == "down":
            self._write_zeros()

    def data_received(self, data, datatype):
        if self._command is None:
            self._chan.write(data)
        else:
            self._received += len(data)

    def eof_received(self):
        if self._command == "up":
            self._chan.write(b"%d\n" % self._received)
            self._chan.exit(0)
        return True

    def pause_writing(self):
        self._paused = True

    def resume_writing(self):
        self._paused = False
        if self._command == "down":
            self._write_zeros()

    def _write_zeros(self):
        while self._left > 0 and not self._paused:
            self._left -= 1
            self._chan.write(CHUNK)
        if self._left == 0 and not self._paused:
            self._command = "done"
            self._chan.exit(0)


async def main(port, host_key, authorized_key, *_):
    await asyncssh.listen(
        "127.0.0.1",
        int(port),
        server_factory=BenchServer,
        server_host_keys=[host_key],
        authorized_client_keys=authorized_key,
        encoding=None,
        line_editor=False,
        sftp_factory=True,
        backlog=1024,
        # What OpenSSH's client never asks for is not negotiated here either.
        gss_host=None,
        agent_forwarding=False,
    )
    await asyncio.get_running_loop().create_future()


asyncio.run(main(*sys.argv[1:]))
