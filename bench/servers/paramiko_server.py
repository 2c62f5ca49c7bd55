"""The bench service on paramiko: paramiko_server.py PORT HOST_KEY_FILE AUTHORIZED_KEY_FILE"""

import base64
import socket
import sys
import threading

import paramiko

CHUNK = bytes(64 * 1024)


class BenchServer(paramiko.ServerInterface):
    def __init__(self, authorized_key):
        self._authorized_key = authorized_key

    def get_allowed_auths(self, username):
        return "publickey"

    def check_auth_publickey(self, username, key):
        if username == "bench" and key == self._authorized_key:
            return paramiko.AUTH_SUCCESSFUL
        return paramiko.AUTH_FAILED

    def check_channel_request(self, kind, chanid):
        return paramiko.OPEN_SUCCEEDED

    def check_channel_pty_request(self, channel, *rest):
        return True

    def check_channel_shell_request(self, channel):
        return start(echo, channel)

    def check_channel_exec_request(self, channel, command):
        name, *arguments = command.decode().split()
        if name == "down":
            return start(down, channel, int(arguments[0]))
        return name == "up" and start(up, channel)


def start(work, *arguments):
    threading.Thread(target=work, args=arguments, daemon=True).start()
    return True


def echo(channel):
    while data := channel.recv(256):
        channel.sendall(data)


def down(channel, mebibytes):
    for _ in range(mebibytes * 1024 * 1024 // len(CHUNK)):
        channel.sendall(CHUNK)
    channel.send_exit_status(0)
    channel.close()


def up(channel):
    received = 0
    while data := channel.recv(len(CHUNK)):
        received += len(data)
    channel.sendall(b"%d\n" % received)
    channel.send_exit_status(0)
    channel.close()


def main(port, host_key_file, authorized_key_file):
    host_key = paramiko.Ed25519Key.from_private_key_file(host_key_file)
    with open(authorized_key_file) as file:
        authorized_key = paramiko.Ed25519Key(data=base64.b64decode(file.read().split()[1]))
    listener = socket.create_server(("127.0.0.1", int(port)), backlog=1024)
    while True:
        client, _ = listener.accept()
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        transport = paramiko.Transport(client)
        transport.add_server_key(host_key)
        # With an event given, start_server does not wait for the handshake.
        transport.start_server(event=threading.Event(), server=BenchServer(authorized_key))


main(*sys.argv[1:])
