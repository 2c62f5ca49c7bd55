"""Moves files by asyncssh: asyncssh_files.py PORT HOST_KEY KEY_FILE SCENARIO ARGUMENT..."""
import asyncio
import os
import sys

import asyncssh

PORT, HOST_KEY, KEY_FILE, SCENARIO, *ARGUMENTS = sys.argv[1:]


async def put(sftp, local, remote):
    await sftp.put(local, remote, preserve=True)


async def get(sftp, local, remote):
    await sftp.get(remote, local, preserve=True)


async def resume_put(sftp, local, remote):
    with open(local, "rb") as source:
        async with sftp.open(remote, "r+b") as target:
            there = (await target.stat()).size
            source.seek(there)
            await target.write(source.read(), there)


async def resume_get(sftp, local, remote):
    with open(local, "ab") as target:
        async with sftp.open(remote, "rb") as source:
            target.write(await source.read(-1, os.path.getsize(local)))


async def everything(sftp):
    await sftp.mkdir("d")
    await sftp.chdir("d")
    async with sftp.open("f", "wb") as file:
        await file.write(b"hello")
        await file.setstat(asyncssh.SFTPAttrs(permissions=0o640, atime=1, mtime=2))
        assert (await file.stat()).size == 5
        await file.fsync()
        assert (await file.statvfs()).bsize > 0
    # It takes the target for a path of the server, and the link's for what it is.
    await sftp.symlink("f", "/d/l")
    assert await sftp.readlink("l") == "../d/f" and await sftp.realpath("l") == "/d/f"
    await sftp.link("f", "hard")
    assert (await sftp.stat("hard")).permissions & 0o777 == 0o640
    await sftp.posix_rename("hard", "f2")
    await sftp.truncate("f2", 2)
    assert (await sftp.stat("f")).size == 2
    assert await sftp.listdir() and await sftp.glob("f*") == ["f", "f2"]
    assert (await sftp.statvfs("/")).blocks > 0
    await sftp.rmtree("/d")
    try:
        await sftp.stat("/d")
    except asyncssh.SFTPNoSuchFile:
        return
    raise AssertionError("there is no such directory")


async def many(sftp, local):
    """Uploads and downloads 500 files, all at once."""

    async def one(number):
        name = "/many-%d" % number
        async with sftp.open(name, "wb") as file:
            await file.write(b"%d" % number * 100)
        async with sftp.open(name, "rb") as file:
            assert await file.read() == b"%d" % number * 100

    for first in range(0, 500, 50):
        await asyncio.gather(*(one(number) for number in range(first, first + 50)))


SCENARIOS = {"put": put, "get": get, "resume-put": resume_put, "resume-get": resume_get, "everything": everything, "many": many}


async def main():
    known = asyncssh.import_known_hosts("[127.0.0.1]:%s %s\n" % (PORT, HOST_KEY))
    options = {"port": int(PORT), "username": "alice", "client_keys": [KEY_FILE], "known_hosts": known, "agent_path": None, "config": None}
    async with asyncssh.connect("127.0.0.1", **options) as connection:
        async with connection.start_sftp_client() as sftp:
            await SCENARIOS[SCENARIO](sftp, *ARGUMENTS)


asyncio.run(main())
