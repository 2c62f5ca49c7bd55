package main

import (
	"time"

	"golang.org/x/crypto/ssh"
)

// pace is how often each background session types: 20 of them make 2,000 keystrokes a second.
const pace = 10 * time.Millisecond

const warmUp = 100

// typeKeys types one key after the other into one shell, each as soon as the echo of the last one has come.
func typeKeys(to target, count, background int, limit time.Duration) latency {
	for number := 0; number < background; number++ {
		shell := openShell(to, number)
		go func() {
			for ticker := time.NewTicker(pace); ; <-ticker.C {
				echo(shell, 'b')
			}
		}()
	}
	shell := openShell(to, background)
	for i := 0; i < warmUp; i++ {
		echo(shell, key(i))
	}
	samples := make([]time.Duration, 0, count)
	cpuBefore, began := cpuSeconds(), time.Now()
	for i := 0; i < count && time.Since(began) < limit; i++ {
		start := time.Now()
		echo(shell, key(i))
		samples = append(samples, time.Since(start))
	}
	return latency{
		Count:      len(samples),
		Seconds:    time.Since(began).Seconds(),
		P50:        percentile(samples, 0.50),
		P99:        percentile(samples, 0.99),
		CPUSeconds: cpuSeconds() - cpuBefore,
	}
}

// key differs from stroke to stroke, so that a greeting or a prompt is not taken for an echo for long.
func key(number int) byte { return byte('a' + number%26) }

func echo(shell ssh.Channel, typed byte) {
	var buffer [4096]byte
	_, err := shell.Write([]byte{typed})
	fail(err)
	for {
		n, err := shell.Read(buffer[:])
		fail(err)
		if buffer[n-1] == typed {
			return
		}
	}
}

func openShell(to target, number int) ssh.Channel {
	client, err := to.dial(number)
	fail(err)
	channel, requests, err := client.OpenChannel("session", nil)
	fail(err)
	go ssh.DiscardRequests(requests)
	request(channel, "pty-req", ssh.Marshal(struct {
		Term                         string
		Columns, Rows, Width, Height uint32
		Modes                        string
	}{"xterm-256color", 80, 24, 640, 480, "\x00"}))
	request(channel, "shell", nil)
	return channel
}

func request(channel ssh.Channel, name string, payload []byte) {
	granted, err := channel.SendRequest(name, true, payload)
	fail(err)
	if !granted {
		fail(&refused{name})
	}
}

type refused struct{ request string }

func (r *refused) Error() string { return "the server refused " + r.request }
