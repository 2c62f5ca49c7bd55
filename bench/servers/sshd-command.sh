#!/bin/sh
# The bench service behind OpenSSH's sshd (ForceCommand). The echo of a shell is the kernel's, by the PTY.
set -- $SSH_ORIGINAL_COMMAND
case "$1" in
  "") exec cat >/dev/null ;;
  down) exec head -c "$2M" /dev/zero ;;
  up) exec wc -c ;;
  */sftp-server) exec "$1" ;;
  *) exit 127 ;;
esac
