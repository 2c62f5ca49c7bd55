"""What asyncssh sees of a server: asyncssh_peer.py PORT HOST_KEYS SCENARIO ARGUMENT... prints it as JSON."""
import asyncio
import hashlib
import json
import sys
import warnings

warnings.filterwarnings("ignore")
import asyncssh  # noqa: E402

PORT, HOST_KEYS, SCENARIO, *ARGUMENTS = sys.argv[1:]
KNOWN_HOSTS = asyncssh.import_known_hosts("".join("[127.0.0.1]:%s %s\n" % (PORT, key) for key in HOST_KEYS.splitlines()))


class Answering(asyncssh.SSHClient):
    """Answers questions by what they contain, and notes them."""

    def __init__(self, answers):
        self.answers, self.rounds = answers, []

    def kbdint_auth_requested(self):
        return ""

    def kbdint_challenge_received(self, name, instructions, lang, prompts):
        if prompts:
            self.rounds.append(prompts)
        return [answer for text, _ in prompts for part, answer in self.answers.items() if part in text]


def connect(path=None, **options):
    options.setdefault("username", "alice")
    return asyncssh.connect(
        "127.0.0.1", int(PORT), known_hosts=KNOWN_HOSTS, config=None, agent_path=None, client_keys=[path] if path else [], **options
    )


async def password(word):
    try:
        async with connect(password=word, preferred_auth="password") as connection:
            return {"in": True, "status": (await connection.run("exit 7")).exit_status}
    except asyncssh.PermissionDenied:
        return {"in": False}


async def key(path):
    async with connect(path) as connection:
        return {"status": (await connection.run("exit 7")).exit_status}


async def certificate(path, certified, user):
    try:
        async with connect((path, certified), username=user) as connection:
            return {"in": True, "output": (await connection.run("hello")).stdout}
    except asyncssh.PermissionDenied:
        return {"in": False}


async def questions(answers):
    client = Answering(json.loads(answers))
    options = {"username": "carol", "preferred_auth": "keyboard-interactive"}
    async with connect(client_factory=lambda: client, **options) as connection:
        return {"rounds": client.rounds, "status": (await connection.run("exit 7")).exit_status}


async def commands(path):
    async with connect(path) as connection:
        piped = await connection.run("cat", input="pipe me\n")
        unknown = await connection.run("reboot")
        results = [await connection.run("exit %d" % status) for status in (0, 3, 255)]
        with_env = await connection.run("env TEST_COLOUR", env={"TEST_COLOUR": "rot", "SECRET": "x"})
        return {
            "piped": piped.stdout,
            "unknown": [unknown.exit_status, unknown.stdout, unknown.stderr],
            "statuses": [result.exit_status for result in results],
            "env": with_env.stdout,
        }


async def terminal(path):
    async with connect(path) as connection:
        shell = await connection.create_process(term_type="xterm", term_size=(100, 30))
        await shell.stdout.readuntil("> ")
        shell.stdin.write("hallo\r")
        await shell.stdout.readuntil("hallo\r\nhallo\r\n")
        shell.change_terminal_size(132, 43)
        await shell.stdout.readuntil("now 132 by 43")
        for name in ("INT", "USR1", "TERM"):
            shell.send_signal(name)
            await shell.stdout.readuntil("got " + name)
        shell.send_break(500)
        await shell.stdout.readuntil("got BREAK")
        shell.stdin.write("\x04")
        await shell.wait_closed()
        return {"status": shell.exit_status}


async def signals(path):
    """Interrupts a command that would run for ten minutes."""
    async with connect(path) as connection:
        process = await connection.create_process("sleep 600")
        process.send_signal("INT")
        await process.wait_closed()
        return {"status": process.exit_status}


async def bulk(path, mebibytes):
    async with connect(path) as connection:
        down = (await connection.run("noise " + mebibytes, encoding=None)).stdout
        up = await connection.run("digest", input=down, encoding=None)
        back = await connection.run("cat", input=down, encoding=None)
        return {
            "down": hashlib.sha256(down).hexdigest(),
            "up": up.stdout.decode().strip(),
            "back": hashlib.sha256(back.stdout).hexdigest(),
        }


async def down(path, mebibytes):
    async with connect(path) as connection:
        noise = await connection.run("noise " + mebibytes, encoding=None)
        return {"down": hashlib.sha256(noise.stdout).hexdigest()}


async def algorithms(path, lists):
    """Runs a command with each algorithm, and gives those that did not work, with the reason."""
    failed, tried = {}, 0
    options = {"kex": "kex_algs", "ciphers": "encryption_algs", "macs": "mac_algs", "keys": "server_host_key_algs"}
    for kind, names in json.loads(lists).items():
        for name in names:
            option = {options[kind]: [name]}
            if kind == "macs":
                option["encryption_algs"] = ["aes128-ctr"]
            try:
                async with connect(path, **option) as connection:
                    if (await connection.run("cat", input=name)).stdout != name:
                        failed[name] = "another answer"
                tried += 1
            except ValueError:
                pass  # asyncssh has no such algorithm
            except Exception as error:
                failed[name] = repr(error)
    return {"failed": failed, "tried": tried}


print(json.dumps(asyncio.run(globals()[SCENARIO](*ARGUMENTS))))
