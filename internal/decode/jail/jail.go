// Package jail narrows what a process that touches hostile bytes can do. It is the one place where that happens.
//
// What it does today: resource limits, set by the process itself before it reads its first byte. CORE is 0 and comes
// first, since a core file leaks evidence. A Go decoder gets RLIMIT_DATA and a memory limit of the garbage collector
// below it, may write no file (FSIZE 0) and open few descriptors. ffmpeg gets CPU seconds, small files, and RLIMIT_AS
// as the last limit, because nothing can be mapped freely after it.
//
// What it does not do yet: namespaces (user, network, pid, mount), landlock and seccomp. Until they stand here, a decoder
// that is taken over by a file can open what the user of the service can open and reach the network; limits stop
// exhaustion only. They belong into these functions, after the limits, in the order landlock, seccomp.
//
// The limits of wall-clock time are the parent's (package decode), because a process cannot be trusted to end itself.
package jail

import (
	"fmt"
	"runtime/debug"

	"golang.org/x/sys/unix"
)

// Memory of the two kinds of Go decoder. RLIMIT_DATA works from 64 MB for Go programs; RLIMIT_AS would not.
const (
	NormalDataBytes = 512 << 20
	HeavyDataBytes  = 2 << 30
)

// goDescriptors is room for 0 to 2, the socket, the runtime's poller and its two, /proc reads and the one input.
const goDescriptors = 16

// Decoder confines a Go decoder child to dataBytes of memory. Call it before the first request is read.
func Decoder(dataBytes uint64) error {
	// One eighth below the limit: the collector works harder before the kernel says no.
	debug.SetMemoryLimit(int64(dataBytes - dataBytes/8))
	limits := []limit{
		{"CORE", unix.RLIMIT_CORE, 0},
		{"FSIZE", unix.RLIMIT_FSIZE, 0},
		{"NOFILE", unix.RLIMIT_NOFILE, goDescriptors},
	}
	if !raceEnabled {
		limits = append(limits, limit{"DATA", unix.RLIMIT_DATA, dataBytes})
	}
	return set(limits)
}

// Limits of one ffmpeg process.
const (
	ffmpegCPUSeconds   = 20
	ffmpegFileBytes    = 1 << 20 // it writes to pipes only
	ffmpegDescriptors  = 64
	ffmpegAddressBytes = 2 << 30
)

// FFmpeg confines the calling process, which then becomes ffmpeg by exec.
func FFmpeg() error {
	limits := []limit{
		{"CORE", unix.RLIMIT_CORE, 0},
		{"CPU", unix.RLIMIT_CPU, ffmpegCPUSeconds},
		{"FSIZE", unix.RLIMIT_FSIZE, ffmpegFileBytes},
		{"NOFILE", unix.RLIMIT_NOFILE, ffmpegDescriptors},
	}
	if !raceEnabled {
		limits = append(limits, limit{"AS", unix.RLIMIT_AS, ffmpegAddressBytes})
	}
	return set(limits)
}

type limit struct {
	name     string
	resource int
	value    uint64
}

// set lowers soft and hard limits alike, so that the process cannot raise them again. A hard limit that is already lower
// stays.
func set(limits []limit) error {
	for _, l := range limits {
		var now unix.Rlimit
		if err := unix.Getrlimit(l.resource, &now); err != nil {
			return fmt.Errorf("jail: read limit %s: %w", l.name, err)
		}
		value := min(l.value, now.Max)
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: value, Max: value}); err != nil {
			return fmt.Errorf("jail: set limit %s to %d: %w", l.name, value, err)
		}
	}
	return nil
}
