package main

import (
	"bytes"
	"time"

	"golang.org/x/crypto/ssh"
)

// keysPerLine is how many keys come before each Enter.
const keysPerLine = 40

var prompt = []byte("> ")

// typeLines types lines at a prompt, one key after the other, each as soon as the echo of the last one has come.
func typeLines(to target, count, background int, limit time.Duration) latency {
	for number := 0; number < background; number++ {
		line := openLine(to, number)
		go func() {
			for ticker := time.NewTicker(pace); ; <-ticker.C {
				line.press()
			}
		}()
	}
	line := openLine(to, background)
	for i := 0; i < warmUp; i++ {
		line.press()
	}
	samples := make([]time.Duration, 0, count)
	cpuBefore, began := cpuSeconds(), time.Now()
	for i := 0; i < count && time.Since(began) < limit; i++ {
		samples = append(samples, line.press())
	}
	return latency{
		Count:      len(samples),
		Seconds:    time.Since(began).Seconds(),
		P50:        percentile(samples, 0.50),
		P99:        percentile(samples, 0.99),
		CPUSeconds: cpuSeconds() - cpuBefore,
	}
}

// line is a shell with a prompt, in which keys have been typed.
type line struct {
	shell ssh.Channel
	typed int
}

func openLine(to target, number int) *line {
	it := &line{shell: openShell(to, number)}
	it.wait(prompt)
	return it
}

// press types a key and waits for its echo; a line that is full is entered afterwards.
func (it *line) press() time.Duration {
	typed := key(it.typed)
	it.typed++
	start := time.Now()
	it.send(typed)
	var buffer [4096]byte
	for {
		n, err := it.shell.Read(buffer[:])
		fail(err)
		if bytes.IndexByte(buffer[:n], typed) >= 0 {
			break
		}
	}
	took := time.Since(start)
	if it.typed%keysPerLine == 0 {
		it.send('\r')
		it.wait(prompt)
	}
	return took
}

func (it *line) send(typed byte) {
	_, err := it.shell.Write([]byte{typed})
	fail(err)
}

// wait reads until a text has come; readline says where its cursor is behind the prompt.
func (it *line) wait(text []byte) {
	var seen []byte
	var buffer [4096]byte
	for !bytes.Contains(seen, text) {
		n, err := it.shell.Read(buffer[:])
		fail(err)
		seen = append(seen, buffer[:n]...)
	}
}
