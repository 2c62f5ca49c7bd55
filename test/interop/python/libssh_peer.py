"""What libssh sees of a server, called through ctypes: libssh_peer.py PORT HOST_KEYS SCENARIO ARGUMENT...
prints it as JSON. With `version` alone it prints the library's version."""
import base64
import ctypes
import hashlib
import json
import sys
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_ubyte, c_uint32, c_void_p

ssh = ctypes.CDLL("libssh.so.4")

# Values of enum ssh_options_e, ssh_auth_e and ssh_publickey_hash_type in libssh.h.
HOST, PORT_STR, USER, KNOWN_HOSTS = 0, 2, 4, 8
CIPHERS_C_S, CIPHERS_S_C, KEY_EXCHANGE, HOSTKEYS, HMAC_C_S, HMAC_S_C, REKEY_DATA = 15, 16, 24, 25, 29, 30, 39
AUTH_SUCCESS, AUTH_DENIED, AUTH_INFO = 0, 1, 3
HASH_SHA256 = 2
CHUNK = 32768


def declare(name, result, *arguments):
    function = getattr(ssh, name)
    function.restype, function.argtypes = result, arguments


declare("ssh_new", c_void_p)
declare("ssh_version", c_char_p, c_int)
declare("ssh_free", None, c_void_p)
declare("ssh_options_set", c_int, c_void_p, c_int, c_void_p)
declare("ssh_options_parse_config", c_int, c_void_p, c_char_p)
declare("ssh_connect", c_int, c_void_p)
declare("ssh_disconnect", None, c_void_p)
declare("ssh_get_error", c_char_p, c_void_p)
declare("ssh_get_server_publickey", c_int, c_void_p, POINTER(c_void_p))
declare("ssh_get_publickey_hash", c_int, c_void_p, c_int, POINTER(POINTER(c_ubyte)), POINTER(c_size_t))
declare("ssh_userauth_password", c_int, c_void_p, c_char_p, c_char_p)
declare("ssh_userauth_kbdint", c_int, c_void_p, c_char_p, c_char_p)
declare("ssh_userauth_kbdint_getnprompts", c_int, c_void_p)
declare("ssh_userauth_kbdint_getprompt", c_char_p, c_void_p, ctypes.c_uint, c_char_p)
declare("ssh_userauth_kbdint_setanswer", c_int, c_void_p, ctypes.c_uint, c_char_p)
declare("ssh_pki_import_privkey_file", c_int, c_char_p, c_char_p, c_void_p, c_void_p, POINTER(c_void_p))
declare("ssh_userauth_publickey", c_int, c_void_p, c_char_p, c_void_p)
declare("ssh_channel_new", c_void_p, c_void_p)
declare("ssh_channel_open_session", c_int, c_void_p)
declare("ssh_channel_request_exec", c_int, c_void_p, c_char_p)
declare("ssh_channel_request_shell", c_int, c_void_p)
declare("ssh_channel_request_env", c_int, c_void_p, c_char_p, c_char_p)
declare("ssh_channel_request_pty_size", c_int, c_void_p, c_char_p, c_int, c_int)
declare("ssh_channel_change_pty_size", c_int, c_void_p, c_int, c_int)
declare("ssh_channel_request_send_signal", c_int, c_void_p, c_char_p)
declare("ssh_channel_request_send_break", c_int, c_void_p, c_uint32)
declare("ssh_channel_write", c_int, c_void_p, c_char_p, c_uint32)
declare("ssh_channel_read", c_int, c_void_p, c_char_p, c_uint32, c_int)
declare("ssh_channel_read_nonblocking", c_int, c_void_p, c_char_p, c_uint32, c_int)
declare("ssh_channel_poll_timeout", c_int, c_void_p, c_int, c_int)
declare("ssh_channel_send_eof", c_int, c_void_p)
declare("ssh_channel_get_exit_status", c_int, c_void_p)
declare("ssh_channel_close", c_int, c_void_p)
declare("ssh_channel_free", None, c_void_p)


def fail(session, what):
    raise SystemExit("%s: %s" % (what, ssh.ssh_get_error(session).decode()))


def connect(user="alice", options=()):
    session = ssh.ssh_new()
    for option, value in [(HOST, "127.0.0.1"), (PORT_STR, PORT), (USER, user), (KNOWN_HOSTS, "/dev/null"), *options]:
        text = ctypes.create_string_buffer(value.encode()) if isinstance(value, str) else byref(ctypes.c_uint64(value))
        if ssh.ssh_options_set(session, option, ctypes.cast(text, c_void_p)) != 0:
            raise ValueError("libssh has no such algorithm: %s" % value)
    if ssh.ssh_connect(session) != 0:
        fail(session, "connect")
    key, digest, length = c_void_p(), POINTER(c_ubyte)(), c_size_t()
    ssh.ssh_get_server_publickey(session, byref(key))
    ssh.ssh_get_publickey_hash(key, HASH_SHA256, byref(digest), byref(length))
    if ctypes.string_at(digest, length.value) not in [hashlib.sha256(blob).digest() for blob in KNOWN]:
        raise SystemExit("another host key")
    return session


def by_key(path, options=()):
    session = connect(options=options)
    private = c_void_p()
    if ssh.ssh_pki_import_privkey_file(path.encode(), None, None, None, byref(private)) != 0:
        fail(session, "read the key")
    if ssh.ssh_userauth_publickey(session, None, private) != AUTH_SUCCESS:
        fail(session, "log in")
    return session


def open_channel(session):
    channel = ssh.ssh_channel_new(session)
    if ssh.ssh_channel_open_session(channel) != 0:
        fail(session, "open a session")
    return channel


def run(session, command, sent=b"", env=()):
    channel = open_channel(session)
    for name, value in env:
        ssh.ssh_channel_request_env(channel, name.encode(), value.encode())
    if ssh.ssh_channel_request_exec(channel, command.encode()) != 0:
        fail(session, "exec")
    buffer = ctypes.create_string_buffer(CHUNK)
    output, errors = [], []
    for at in range(0, len(sent), CHUNK):
        piece = sent[at : at + CHUNK]
        if ssh.ssh_channel_write(channel, piece, len(piece)) != len(piece):
            fail(session, "write")
        while (count := ssh.ssh_channel_read_nonblocking(channel, buffer, CHUNK, 0)) > 0:
            output.append(buffer.raw[:count])
    ssh.ssh_channel_send_eof(channel)
    for stream, pieces in ((0, output), (1, errors)):
        while (count := ssh.ssh_channel_read(channel, buffer, CHUNK, stream)) > 0:
            pieces.append(buffer.raw[:count])
        if count < 0:
            fail(session, "read")
    status = ssh.ssh_channel_get_exit_status(channel)
    ssh.ssh_channel_close(channel)
    ssh.ssh_channel_free(channel)
    return status, b"".join(output), b"".join(errors)


def password(word):
    session = connect()
    if ssh.ssh_userauth_password(session, None, word.encode()) != AUTH_SUCCESS:
        return {"in": False}
    return {"in": True, "status": run(session, "exit 7")[0]}


def key(path):
    return {"status": run(by_key(path), "exit 7")[0]}


def questions(answers):
    answers, rounds = json.loads(answers), []
    session = connect("carol")
    while (state := ssh.ssh_userauth_kbdint(session, None, None)) == AUTH_INFO:
        prompts = []
        for index in range(ssh.ssh_userauth_kbdint_getnprompts(session)):
            echo = ctypes.create_string_buffer(1)
            text = ssh.ssh_userauth_kbdint_getprompt(session, index, echo).decode()
            prompts.append([text, echo.raw != b"\0"])
            answer = next(answer for part, answer in answers.items() if part in text)
            ssh.ssh_userauth_kbdint_setanswer(session, index, answer.encode())
        rounds.append(prompts)
    if state != AUTH_SUCCESS:
        fail(session, "log in")
    return {"rounds": [prompts for prompts in rounds if prompts], "status": run(session, "exit 7")[0]}


def commands(path):
    session = by_key(path)
    status, out, errors = run(session, "reboot")
    return {
        "piped": run(session, "cat", b"pipe me\n")[1].decode(),
        "unknown": [status, out.decode(), errors.decode()],
        "statuses": [run(session, "exit %d" % status)[0] for status in (0, 3, 255)],
        "env": run(session, "env TEST_COLOUR", env=[("TEST_COLOUR", "rot")])[1].decode(),
    }


def terminal(path):
    session = by_key(path)
    channel = open_channel(session)
    ssh.ssh_channel_request_pty_size(channel, b"xterm", 100, 30)
    ssh.ssh_channel_request_shell(channel)
    seen = b""
    buffer = ctypes.create_string_buffer(CHUNK)

    def sees(text):
        nonlocal seen
        while text not in seen:
            if ssh.ssh_channel_poll_timeout(channel, 30000, 0) <= 0:
                raise SystemExit("the terminal shows %r" % seen)
            count = ssh.ssh_channel_read_nonblocking(channel, buffer, CHUNK, 0)
            seen += buffer.raw[: max(count, 0)]
        seen = seen[seen.index(text) + len(text) :]

    sees(b"> ")
    ssh.ssh_channel_write(channel, b"hallo\r", 6)
    sees(b"hallo\r\nhallo\r\n")
    ssh.ssh_channel_change_pty_size(channel, 132, 43)
    sees(b"now 132 by 43")
    ssh.ssh_channel_request_send_signal(channel, b"USR1")
    sees(b"got USR1")
    ssh.ssh_channel_request_send_break(channel, 500)
    sees(b"got BREAK")
    ssh.ssh_channel_write(channel, b"\x04", 1)
    while ssh.ssh_channel_read(channel, buffer, CHUNK, 0) > 0:
        pass
    return {"status": ssh.ssh_channel_get_exit_status(channel)}


def bulk(path, mebibytes):
    session = by_key(path, [(REKEY_DATA, 2**20)])
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
        "kex": lambda name: [(KEY_EXCHANGE, name)],
        "ciphers": lambda name: [(CIPHERS_C_S, name), (CIPHERS_S_C, name)],
        "macs": lambda name: [(HMAC_C_S, name), (HMAC_S_C, name), *kinds["ciphers"]("aes128-ctr")],
        "keys": lambda name: [(HOSTKEYS, name)],
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
            ssh.ssh_disconnect(session)
            ssh.ssh_free(session)
    return {"failed": failed, "tried": tried}


if sys.argv[1:] == ["version"]:
    print("libssh", ssh.ssh_version(0).decode())
else:
    PORT, HOST_KEYS, SCENARIO, *ARGUMENTS = sys.argv[1:]
    KNOWN = [base64.b64decode(line.split(" ")[1]) for line in HOST_KEYS.splitlines()]
    print(json.dumps(globals()[SCENARIO](*ARGUMENTS)))
