// The bench service on gliderlabs/ssh (golang.org/x/crypto/ssh): main PORT HOST_KEY_FILE AUTHORIZED_KEY_FILE
package main

import (
	"fmt"
	"io"
	"log"
	"os"
	"strconv"

	"github.com/gliderlabs/ssh"
)

const chunk = 64 * 1024

func main() {
	port, hostKey, authorizedKey := os.Args[1], os.Args[2], os.Args[3]
	line, err := os.ReadFile(authorizedKey)
	if err != nil {
		log.Fatal(err)
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey(line)
	if err != nil {
		log.Fatal(err)
	}
	server := &ssh.Server{
		Addr:    "127.0.0.1:" + port,
		Handler: serve,
		PublicKeyHandler: func(context ssh.Context, offered ssh.PublicKey) bool {
			return context.User() == "bench" && ssh.KeysEqual(offered, key)
		},
		PtyCallback: func(ssh.Context, ssh.Pty) bool { return true },
	}
	if err := server.SetOption(ssh.HostKeyFile(hostKey)); err != nil {
		log.Fatal(err)
	}
	log.Fatal(server.ListenAndServe())
}

func serve(session ssh.Session) {
	command := session.Command()
	switch {
	case len(command) == 0:
		echo(session)
	case command[0] == "down":
		down(session, command[1])
	case command[0] == "up":
		received, _ := io.CopyBuffer(io.Discard, onlyReader{session}, make([]byte, chunk))
		fmt.Fprintln(session, received)
	default:
		_ = session.Exit(127)
	}
}

func echo(session ssh.Session) {
	buffer := make([]byte, 256)
	for {
		n, err := session.Read(buffer)
		if err != nil {
			return
		}
		if _, err := session.Write(buffer[:n]); err != nil {
			return
		}
	}
}

func down(session ssh.Session, mebibytes string) {
	count, _ := strconv.Atoi(mebibytes)
	zeros := make([]byte, chunk)
	for left := count * 1024 * 1024 / chunk; left > 0; left-- {
		if _, err := session.Write(zeros); err != nil {
			return
		}
	}
}

// onlyReader hides every method but Read, so that io.CopyBuffer uses the buffer it is given.
type onlyReader struct{ io.Reader }
