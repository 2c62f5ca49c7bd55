"""Moves files by paramiko: paramiko_files.py PORT HOST_KEY KEY_FILE SCENARIO ARGUMENT..."""
import os
import sys
import warnings

warnings.filterwarnings("ignore")
import paramiko  # noqa: E402

PORT, HOST_KEY, KEY_FILE, SCENARIO, *ARGUMENTS = sys.argv[1:]


def connect():
    client = paramiko.SSHClient()
    entry = paramiko.hostkeys.HostKeyEntry.from_line("[127.0.0.1]:%s %s" % (PORT, HOST_KEY))
    client.get_host_keys().add("[127.0.0.1]:" + PORT, entry.key.get_name(), entry.key)
    client.connect("127.0.0.1", int(PORT), username="alice", key_filename=KEY_FILE, look_for_keys=False, allow_agent=False, timeout=60, banner_timeout=60, auth_timeout=60)
    return client, client.open_sftp()


def put(sftp, local, remote):
    sftp.put(local, remote)


def get(sftp, local, remote):
    sftp.get(remote, local)


def resume_put(sftp, local, remote):
    with open(local, "rb") as source, sftp.open(remote, "r+") as target:
        target.set_pipelined(True)
        there = target.stat().st_size
        source.seek(there)
        target.seek(there)
        for part in iter(lambda: source.read(32768), b""):
            target.write(part)


def resume_get(sftp, local, remote):
    with open(local, "ab") as target, sftp.open(remote, "rb") as source:
        here = os.path.getsize(local)
        source.seek(here)
        source.prefetch()
        for part in iter(lambda: source.read(32768), b""):
            target.write(part)


def everything(sftp):
    sftp.mkdir("d", 0o750)
    sftp.chdir("d")
    with sftp.open("f", "wx") as file:
        file.write(b"hello")
        assert file.stat().st_size == 5
        file.chmod(0o640)
        file.utime((1, 2))
        file.truncate(4)
    assert sftp.stat("f").st_mode & 0o777 == 0o640
    with sftp.open("f", "a") as file:
        file.write(b"!")
    with sftp.open("f") as file:
        assert file.readv([(0, 2), (3, 2)]).__class__ and file.read() == b"hell!"
    sftp.symlink("f", "l")
    assert sftp.readlink("l") == "f" and sftp.normalize("l") == "/d/f"
    sftp.rename("f", "g")
    sftp.posix_rename("g", "f")
    assert sorted(sftp.listdir()) == ["f", "l"]
    assert {entry.filename for entry in sftp.listdir_iter("/d", read_aheads=8)} == {"f", "l"}
    for wrong in (lambda: sftp.stat("none"), lambda: sftp.open("none"), lambda: sftp.listdir("none")):
        try:
            wrong()
        except FileNotFoundError:
            continue
        raise AssertionError("there is no such file")
    sftp.remove("l")
    sftp.remove("f")
    sftp.rmdir("/d")


SCENARIOS = {"put": put, "get": get, "resume-put": resume_put, "resume-get": resume_get, "everything": everything}

client, sftp = connect()
SCENARIOS[SCENARIO](sftp, *ARGUMENTS)
client.close()
