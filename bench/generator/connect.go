package main

import (
	"sync"
	"sync/atomic"
	"time"
)

// connectMany opens and closes connections one after the other in each of `concurrency` workers. A latency is from dialling
// to USERAUTH_SUCCESS.
func connectMany(to target, count, concurrency int, limit time.Duration) latency {
	var next int64
	var mutex sync.Mutex
	var samples []time.Duration
	var workers sync.WaitGroup
	cpuBefore, began := cpuSeconds(), time.Now()
	for worker := 0; worker < concurrency; worker++ {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for time.Since(began) < limit {
				number := int(atomic.AddInt64(&next, 1))
				if number > count {
					return
				}
				start := time.Now()
				client, err := to.dial(number)
				took := time.Since(start)
				fail(err)
				client.Close()
				mutex.Lock()
				samples = append(samples, took)
				mutex.Unlock()
			}
		}()
	}
	workers.Wait()
	return latency{
		Count:      len(samples),
		Seconds:    time.Since(began).Seconds(),
		P50:        percentile(samples, 0.50),
		P99:        percentile(samples, 0.99),
		CPUSeconds: cpuSeconds() - cpuBefore,
	}
}
