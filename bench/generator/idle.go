package main

import (
	"io"
	"os"
	"sync"
)

// holdShells opens shells, one connection each, says so, and holds them until stdin ends.
func holdShells(to target, count, concurrency int) {
	numbers := make(chan int)
	var workers sync.WaitGroup
	for worker := 0; worker < concurrency; worker++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for number := range numbers {
				// What a shell says of itself fits its window and is left there unread.
				openShell(to, number)
			}
		}()
	}
	for number := 0; number < count; number++ {
		numbers <- number
	}
	close(numbers)
	workers.Wait()
	report(struct {
		Shells int `json:"shells"`
	}{count})
	_, err := io.Copy(io.Discard, os.Stdin)
	fail(err)
}
