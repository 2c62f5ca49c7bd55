"""Runs a program on a terminal: on_terminal.py COLUMNS ROWS PROGRAM ARGUMENT...

What comes on stdin is typed, what the terminal gets to show goes to stdout, and a line "COLUMNS ROWS" on file
descriptor 3 gives it another size. Ends with the program's exit status.
"""
import fcntl
import os
import pty
import select
import struct
import sys
import termios


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


def main(columns, rows, *command):
    started, start = os.pipe()
    child, terminal = pty.fork()
    if child == 0:
        # The program must not look at its terminal before that has its size.
        os.close(start)
        os.read(started, 1)
        os.close(3)
        os.execvp(command[0], command)
    resize(terminal, columns, rows)
    os.close(started)
    os.close(start)
    # A program that waits until its output is read does not read what is typed: neither may hold up the other.
    os.set_blocking(terminal, False)
    sources = [0, 3, terminal]
    typed = sizes = b""
    while True:
        awaited = [source for source in sources if source != 0 or not typed]
        ready, writable, _ = select.select(awaited, [terminal] if typed else [], [])
        if terminal in ready:
            try:
                shown = os.read(terminal, 65536)
            except BlockingIOError:
                continue
            except OSError:
                shown = b""
            if not shown:
                break
            os.write(1, shown)
        if 0 in ready:
            typed = os.read(0, 4096)
            if not typed:
                sources.remove(0)
        if terminal in writable:
            try:
                typed = typed[os.write(terminal, typed) :]
            except BlockingIOError:
                pass
        if 3 in ready:
            told = os.read(3, 256)
            if not told:
                sources.remove(3)
            *lines, sizes = (sizes + told).split(b"\n")
            for line in lines:
                resize(terminal, *line.split())
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status) % 256)


main(*sys.argv[1:])
