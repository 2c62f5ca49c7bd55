"""What libssh2 sees of a server, called through ctypes: libssh2_peer.py PORT HOST_KEYS SCENARIO ARGUMENT...
prints it as JSON. With `version` alone it prints the library's version."""
import base64
import ctypes
import hashlib
import json
import socket
import sys
import time
from ctypes import CFUNCTYPE, POINTER, Structure, byref, c_char_p, c_int, c_size_t, c_ssize_t, c_ubyte, c_uint, c_void_p

ssh = ctypes.CDLL("libssh2.so.1")
libc = ctypes.CDLL(None)
libc.strdup.restype, libc.strdup.argtypes = c_void_p, [c_char_p]

# From libssh2.h: LIBSSH2_METHOD_*, LIBSSH2_HOSTKEY_HASH_SHA256, the defaults of a channel, LIBSSH2_ERROR_EAGAIN.
KEX, HOSTKEY, CRYPT_CS, CRYPT_SC, MAC_CS, MAC_SC = range(6)
HASH_SHA256, WINDOW, PACKET, EAGAIN = 3, 2 * 1024 * 1024, 32768, -37
CHUNK = 32768


class Prompt(Structure):
    _fields_ = [("text", c_char_p), ("length", c_uint), ("echo", c_ubyte)]


class Answer(Structure):
    _fields_ = [("text", c_void_p), ("length", c_uint)]


ANSWERER = CFUNCTYPE(
    None, c_void_p, c_int, c_void_p, c_int, c_int, POINTER(Prompt), POINTER(Answer), POINTER(c_void_p)
)


def declare(name, result, *arguments):
    function = getattr(ssh, name)
    function.restype, function.argtypes = result, arguments


declare("libssh2_init", c_int, c_int)
declare("libssh2_version", c_char_p, c_int)
declare("libssh2_session_init_ex", c_void_p, c_void_p, c_void_p, c_void_p, c_void_p)
declare("libssh2_session_method_pref", c_int, c_void_p, c_int, c_char_p)
declare("libssh2_session_handshake", c_int, c_void_p, c_int)
declare("libssh2_session_last_error", c_int, c_void_p, POINTER(c_char_p), POINTER(c_int), c_int)
declare("libssh2_session_last_errno", c_int, c_void_p)
declare("libssh2_session_set_blocking", None, c_void_p, c_int)
declare("libssh2_hostkey_hash", c_void_p, c_void_p, c_int)
declare("libssh2_userauth_password_ex", c_int, c_void_p, c_char_p, c_uint, c_char_p, c_uint, c_void_p)
declare("libssh2_userauth_publickey_fromfile_ex", c_int, c_void_p, c_char_p, c_uint, c_char_p, c_char_p, c_char_p)
declare("libssh2_userauth_keyboard_interactive_ex", c_int, c_void_p, c_char_p, c_uint, ANSWERER)
declare("libssh2_channel_open_ex", c_void_p, c_void_p, c_char_p, c_uint, c_uint, c_uint, c_char_p, c_uint)
declare("libssh2_channel_process_startup", c_int, c_void_p, c_char_p, c_uint, c_char_p, c_uint)
declare("libssh2_channel_setenv_ex", c_int, c_void_p, c_char_p, c_uint, c_char_p, c_uint)
declare("libssh2_channel_request_pty_ex", c_int, c_void_p, c_char_p, c_uint, c_char_p, c_uint, c_int, c_int, c_int, c_int)
declare("libssh2_channel_request_pty_size_ex", c_int, c_void_p, c_int, c_int, c_int, c_int)
declare("libssh2_channel_read_ex", c_ssize_t, c_void_p, c_int, c_char_p, c_size_t)
declare("libssh2_channel_write_ex", c_ssize_t, c_void_p, c_int, c_char_p, c_size_t)
declare("libssh2_channel_send_eof", c_int, c_void_p)
declare("libssh2_channel_eof", c_int, c_void_p)
declare("libssh2_channel_close", c_int, c_void_p)
declare("libssh2_channel_wait_closed", c_int, c_void_p)
declare("libssh2_channel_get_exit_status", c_int, c_void_p)
declare("libssh2_channel_free", c_int, c_void_p)


def fail(session, what):
    text, length = c_char_p(), c_int()
    ssh.libssh2_session_last_error(session, byref(text), byref(length), 0)
    raise SystemExit("%s: %s" % (what, (text.value or b"?").decode()))


def connect(preferred=()):
    connection = socket.create_connection(("127.0.0.1", int(PORT)))
    session = ssh.libssh2_session_init_ex(None, None, None, None)
    SOCKETS[session] = connection
    for method, names in preferred:
        if ssh.libssh2_session_method_pref(session, method, names.encode()) != 0:
            raise ValueError("libssh2 has no such algorithm: %s" % names)
    if ssh.libssh2_session_handshake(session, connection.fileno()) != 0:
        fail(session, "connect")
    digest = ctypes.string_at(ssh.libssh2_hostkey_hash(session, HASH_SHA256), 32)
    if digest not in [hashlib.sha256(blob).digest() for blob in KNOWN]:
        raise SystemExit("another host key")
    return session


def by_key(path, preferred=()):
    session = connect(preferred)
    if ssh.libssh2_userauth_publickey_fromfile_ex(session, b"alice", 5, (path + ".pub").encode(), path.encode(), None) != 0:
        fail(session, "log in")
    return session


def open_channel(session):
    channel = ssh.libssh2_channel_open_ex(session, b"session", 7, WINDOW, PACKET, None, 0)
    if not channel:
        fail(session, "open a session")
    return channel


def start(session, channel, request, argument=None):
    if ssh.libssh2_channel_process_startup(channel, request, len(request), argument, len(argument or b"")) != 0:
        fail(session, request.decode())


def run(session, command, sent=b"", env=()):
    channel = open_channel(session)
    for name, value in env:
        ssh.libssh2_channel_setenv_ex(channel, name, len(name), value, len(value))
    start(session, channel, b"exec", command.encode())
    buffer = ctypes.create_string_buffer(CHUNK)
    output = {0: [], 1: []}
    # Both ways at once, without waiting: neither side may have to wait until the other has said all.
    ssh.libssh2_session_set_blocking(session, 0)
    at, is_ended = 0, False
    while not ssh.libssh2_channel_eof(channel):
        moved = False
        if at < len(sent):
            count = ssh.libssh2_channel_write_ex(channel, 0, sent[at : at + CHUNK], min(CHUNK, len(sent) - at))
            if count < 0 and count != EAGAIN:
                fail(session, "write")
            at, moved = at + max(count, 0), count > 0
        elif not is_ended:
            is_ended = ssh.libssh2_channel_send_eof(channel) == 0
        for stream, pieces in output.items():
            while (count := ssh.libssh2_channel_read_ex(channel, stream, buffer, CHUNK)) > 0:
                pieces.append(buffer.raw[:count])
                moved = True
            if count < 0 and count != EAGAIN:
                fail(session, "read")
        if not moved:
            time.sleep(0.001)
    ssh.libssh2_session_set_blocking(session, 1)
    ssh.libssh2_channel_close(channel)
    ssh.libssh2_channel_wait_closed(channel)
    status = ssh.libssh2_channel_get_exit_status(channel)
    ssh.libssh2_channel_free(channel)
    return status, b"".join(output[0]), b"".join(output[1])


def password(word):
    session = connect()
    if ssh.libssh2_userauth_password_ex(session, b"alice", 5, word.encode(), len(word), None) != 0:
        return {"in": False}
    return {"in": True, "status": run(session, "exit 7")[0]}


def key(path):
    return {"status": run(by_key(path), "exit 7")[0]}


def questions(answers):
    answers, rounds = json.loads(answers), []

    def answer(_name, _name_length, _instruction, _instruction_length, count, prompts, responses, _abstract):
        asked = [(prompts[index].text[: prompts[index].length].decode(), prompts[index].echo != 0) for index in range(count)]
        if asked:
            rounds.append(asked)
        for index, (text, _) in enumerate(asked):
            word = next(word for part, word in answers.items() if part in text)
            responses[index].text, responses[index].length = libc.strdup(word.encode()), len(word)

    session = connect()
    if ssh.libssh2_userauth_keyboard_interactive_ex(session, b"carol", 5, ANSWERER(answer)) != 0:
        fail(session, "log in")
    return {"rounds": rounds, "status": run(session, "exit 7")[0]}


def commands(path):
    session = by_key(path)
    status, out, errors = run(session, "reboot")
    return {
        "piped": run(session, "cat", b"pipe me\n")[1].decode(),
        "unknown": [status, out.decode(), errors.decode()],
        "statuses": [run(session, "exit %d" % status)[0] for status in (0, 3, 255)],
        "env": run(session, "env TEST_COLOUR", env=[(b"TEST_COLOUR", b"rot")])[1].decode(),
    }


def terminal(path):
    session = by_key(path)
    channel = open_channel(session)
    ssh.libssh2_channel_request_pty_ex(channel, b"xterm", 5, None, 0, 100, 30, 0, 0)
    start(session, channel, b"shell")
    seen = b""
    buffer = ctypes.create_string_buffer(CHUNK)

    def sees(text):
        nonlocal seen
        while text not in seen:
            count = ssh.libssh2_channel_read_ex(channel, 0, buffer, CHUNK)
            if count <= 0:
                raise SystemExit("the terminal shows %r" % seen)
            seen += buffer.raw[:count]
        seen = seen[seen.index(text) + len(text) :]

    def types(text):
        ssh.libssh2_channel_write_ex(channel, 0, text, len(text))

    sees(b"> ")
    types(b"hallo\r")
    sees(b"hallo\r\nhallo\r\n")
    ssh.libssh2_channel_request_pty_size_ex(channel, 132, 43, 0, 0)
    sees(b"now 132 by 43")
    types(b"\x04")
    while ssh.libssh2_channel_read_ex(channel, 0, buffer, CHUNK) > 0:
        pass
    ssh.libssh2_channel_close(channel)
    ssh.libssh2_channel_wait_closed(channel)
    return {"status": ssh.libssh2_channel_get_exit_status(channel)}


def bulk(path, mebibytes):
    session = by_key(path)
    _, down, _ = run(session, "noise " + mebibytes)
    _, up, _ = run(session, "digest", down)
    _, back, _ = run(session, "cat", down)
    return {
        "down": hashlib.sha256(down).hexdigest(),
        "up": up.decode().strip(),
        "back": hashlib.sha256(back).hexdigest(),
    }


def algorithms(path, lists):
    """Runs a command with each algorithm, and gives those that did not work, with the reason."""
    kinds = {
        "kex": lambda name: [(KEX, name)],
        "ciphers": lambda name: [(CRYPT_CS, name), (CRYPT_SC, name)],
        "macs": lambda name: [(MAC_CS, name), (MAC_SC, name), *kinds["ciphers"]("aes128-ctr")],
        "keys": lambda name: [(HOSTKEY, name)],
    }
    failed, tried = {}, 0
    for kind, names in json.loads(lists).items():
        for name in names:
            try:
                session = by_key(path, kinds[kind](name))
            except ValueError:
                continue
            except SystemExit as error:
                failed[name] = str(error)
                continue
            if run(session, "cat", name.encode())[1] != name.encode():
                failed[name] = "another answer"
            tried += 1
    return {"failed": failed, "tried": tried}


if sys.argv[1:] == ["version"]:
    print("libssh2", ssh.libssh2_version(0).decode())
else:
    PORT, HOST_KEYS, SCENARIO, *ARGUMENTS = sys.argv[1:]
    KNOWN = [base64.b64decode(line.split(" ")[1]) for line in HOST_KEYS.splitlines()]
    SOCKETS = {}
    ssh.libssh2_init(0)
    print(json.dumps(globals()[SCENARIO](*ARGUMENTS)))
