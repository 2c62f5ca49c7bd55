// The load generator: an SSH client on golang.org/x/crypto/ssh that is no code of the servers it measures (bar Go's own)
// and costs less CPU than any of them. Each mode prints one line of JSON.
package main

import (
	"crypto/rand"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"os"
	"sort"
	"syscall"
	"time"

	"golang.org/x/crypto/ssh"
)

type target struct {
	address string
	config  *ssh.ClientConfig
}

type latency struct {
	Count      int     `json:"count"`
	Seconds    float64 `json:"seconds"`
	P50        float64 `json:"p50ms"`
	P99        float64 `json:"p99ms"`
	CPUSeconds float64 `json:"cpuSeconds"`
}

func main() {
	address := flag.String("address", "", "host:port of the server")
	user := flag.String("user", "bench", "user name")
	keyFile := flag.String("key", "", "private key of the user")
	hostKeyFile := flag.String("hostkey", "", "public host key of the server")
	count := flag.Int("n", 100, "connections, keystrokes or shells")
	concurrency := flag.Int("c", 1, "connections under way at once")
	background := flag.Int("background", 0, "echo, line: other sessions that type meanwhile")
	limit := flag.Duration("for", 10*time.Second, "connect, echo, line: stop after this time")
	flag.Parse()

	to := target{*address, clientConfig(*user, *keyFile, *hostKeyFile)}
	switch flag.Arg(0) {
	case "connect":
		report(connectMany(to, *count, *concurrency, *limit))
	case "echo":
		report(typeKeys(to, *count, *background, *limit))
	case "line":
		report(typeLines(to, *count, *background, *limit))
	case "idle":
		holdShells(to, *count, *concurrency)
	default:
		fail(fmt.Errorf("the mode is connect, echo, line or idle, not %q", flag.Arg(0)))
	}
}

func clientConfig(user, keyFile, hostKeyFile string) *ssh.ClientConfig {
	pem, err := os.ReadFile(keyFile)
	fail(err)
	signer, err := ssh.ParsePrivateKey(pem)
	fail(err)
	line, err := os.ReadFile(hostKeyFile)
	fail(err)
	hostKey, _, _, _, err := ssh.ParseAuthorizedKey(line)
	fail(err)
	return &ssh.ClientConfig{
		// The second names are for paramiko, which had no AES-GCM before its version 3.5.
		Config: ssh.Config{
			Rand:         rand.Reader,
			KeyExchanges: []string{"curve25519-sha256", "curve25519-sha256@libssh.org"},
			Ciphers:      []string{"aes128-gcm@openssh.com", "aes128-ctr"},
			MACs:         []string{"hmac-sha2-256-etm@openssh.com", "hmac-sha2-256"},
		},
		User:              user,
		Auth:              []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyCallback:   ssh.FixedHostKey(hostKey),
		HostKeyAlgorithms: []string{ssh.KeyAlgoED25519},
		Timeout:           20 * time.Second,
	}
}

// dial spreads the connections over 127.0.1.x: one source address has only 28,000 ports, and servers limit by source.
func (to target) dial(number int) (*ssh.Client, error) {
	dialer := net.Dialer{
		Timeout:   to.config.Timeout,
		LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+number%200))},
	}
	socket, err := dialer.Dial("tcp", to.address)
	if err != nil {
		return nil, err
	}
	conn, channels, requests, err := ssh.NewClientConn(socket, to.address, to.config)
	if err != nil {
		socket.Close()
		return nil, err
	}
	return ssh.NewClient(conn, channels, requests), nil
}

func percentile(samples []time.Duration, share float64) float64 {
	if len(samples) == 0 {
		return 0
	}
	sort.Slice(samples, func(a, b int) bool { return samples[a] < samples[b] })
	return samples[int(share*float64(len(samples)-1)+0.5)].Seconds() * 1000
}

func cpuSeconds() float64 {
	var usage syscall.Rusage
	fail(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e9
}

func report(value any) {
	fail(json.NewEncoder(os.Stdout).Encode(value))
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "generator:", err)
		os.Exit(1)
	}
}
