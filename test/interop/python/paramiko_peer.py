"""What paramiko sees of a server: paramiko_peer.py PORT HOST_KEYS SCENARIO ARGUMENT... prints it as JSON."""
import hashlib
import json
import sys
import threading
import warnings

warnings.filterwarnings("ignore")
import paramiko  # noqa: E402

PORT, HOST_KEYS, SCENARIO, *ARGUMENTS = sys.argv[1:]
MIB = 1024**2


class Refusing(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client, hostname, key):
        raise paramiko.SSHException("another host key")


def connect(**options):
    client = paramiko.SSHClient()
    for line in HOST_KEYS.splitlines():
        entry = paramiko.hostkeys.HostKeyEntry.from_line("[127.0.0.1]:%s %s" % (PORT, line))
        client.get_host_keys().add("[127.0.0.1]:" + PORT, entry.key.get_name(), entry.key)
    client.set_missing_host_key_policy(Refusing())
    options.setdefault("username", "alice")
    client.connect("127.0.0.1", int(PORT), look_for_keys=False, allow_agent=False, timeout=60, banner_timeout=60, auth_timeout=60, **options)
    return client


def run(client, command, sent=b"", env=None):
    channel = client.get_transport().open_session()
    if env:
        channel.update_environment(env)
    channel.exec_command(command)
    # Both ways at once: neither side may have to wait until the other has said all.
    sender = threading.Thread(target=lambda: (channel.sendall(sent), channel.shutdown_write()))
    sender.start()
    out = b"".join(iter(lambda: channel.recv(MIB), b""))
    errors = b"".join(iter(lambda: channel.recv_stderr(MIB), b""))
    sender.join()
    return channel.recv_exit_status(), out, errors


def password(word):
    try:
        return {"in": True, "status": run(connect(password=word), "exit 7")[0]}
    except paramiko.AuthenticationException:
        return {"in": False}


def key(path):
    return {"status": run(connect(key_filename=path), "exit 7")[0]}


def certificate(path, certified, user):
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            pkey = kind.from_private_key_file(path)
            break
        except paramiko.SSHException:
            continue
    pkey.load_certificate(certified)
    try:
        return {"in": True, "output": run(connect(pkey=pkey, username=user), "hello")[1].decode()}
    except paramiko.AuthenticationException:
        return {"in": False}


def questions(answers):
    answers, rounds = json.loads(answers), []

    def handler(title, instructions, prompts):
        if prompts:
            rounds.append(prompts)
        return [answer for text, _ in prompts for part, answer in answers.items() if part in text]

    transport = paramiko.Transport(("127.0.0.1", int(PORT)))
    transport.start_client(timeout=60)
    transport.auth_interactive("carol", handler)
    channel = transport.open_session()
    channel.exec_command("exit 7")
    status = channel.recv_exit_status()
    transport.close()
    return {"rounds": rounds, "status": status}


def commands(path):
    client = connect(key_filename=path)
    status, out, errors = run(client, "reboot")
    return {
        "piped": run(client, "cat", b"pipe me\n")[1].decode(),
        "unknown": [status, out.decode(), errors.decode()],
        "statuses": [run(client, "exit %d" % status)[0] for status in (0, 3, 255)],
        "env": run(client, "env TEST_COLOUR", env={"TEST_COLOUR": "rot"})[1].decode(),
    }


def terminal(path):
    channel = connect(key_filename=path).invoke_shell("xterm", 100, 30)
    seen = b""

    def sees(text):
        nonlocal seen
        while text not in seen:
            more = channel.recv(4096)
            if not more:
                raise EOFError("the session ended; the terminal shows %r" % seen)
            seen += more
        seen = seen[seen.index(text) + len(text) :]

    sees(b"> ")
    channel.sendall(b"hallo\r")
    sees(b"hallo\r\nhallo\r\n")
    channel.resize_pty(132, 43)
    sees(b"now 132 by 43")
    channel.sendall(b"\x04")
    return {"status": channel.recv_exit_status()}


def bulk(path, mebibytes):
    """The server alone renews the keys: when paramiko begins to, and a CLOSE comes in that moment, its only reading
    thread waits for itself (Transport._send_user_message called by Channel._handle_close)."""
    client = connect(key_filename=path)
    _, down, _ = run(client, "noise " + mebibytes)
    _, up, _ = run(client, "digest", down)
    _, back, _ = run(client, "cat", down)
    return {
        "down": hashlib.sha256(down).hexdigest(),
        "up": up.decode().strip(),
        "back": hashlib.sha256(back).hexdigest(),
    }


def algorithms(path, lists):
    """Runs a command with each algorithm, and gives those that did not work, with the reason."""
    failed, tried = {}, 0
    kinds = {"kex": "_preferred_kex", "ciphers": "_preferred_ciphers", "macs": "_preferred_macs", "keys": "_preferred_keys"}
    for kind, names in json.loads(lists).items():
        for name in names:
            if name not in getattr(paramiko.Transport, kinds[kind]):
                continue
            transport = paramiko.Transport(("127.0.0.1", int(PORT)))
            setattr(transport, kinds[kind], (name,))
            try:
                transport.start_client(timeout=60)
                transport.auth_publickey("alice", paramiko.Ed25519Key.from_private_key_file(path))
                channel = transport.open_session()
                channel.exec_command("exit 7")
                if channel.recv_exit_status() != 7:
                    failed[name] = "another status"
                tried += 1
            except Exception as error:
                failed[name] = repr(error)
            finally:
                transport.close()
    return {"failed": failed, "tried": tried}


print(json.dumps(globals()[SCENARIO](*ARGUMENTS)))
