// Package child is the process that touches hostile bytes: what the hidden command `whenwhere decode` runs.
//
// It is started by package decode only, never by a person. It first narrows itself (package jail), then answers one request
// after the other until its parent closes the connection or dies. It opens no file: each input comes as an open, read-only
// descriptor, and is read at offsets, so that the parent's own position never moves. It prints nothing.
//
// A panic of a reader in this goroutine becomes an answer; one in a goroutine of a library, a memory limit, or a signal
// ends the process, which the parent sees. State of earlier files may linger in a process, so the parent replaces it often.
//
// The second mode, ffmpeg, sets the limits of an ffmpeg process and then becomes ffmpeg, with an empty environment.
package child

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"unicode/utf8"

	"whenwhere/internal/decode/jail"
	"whenwhere/internal/decode/link"
	"whenwhere/internal/decode/wire"
)

// Modes, the first argument.
const (
	ModeNormal = "normal" // answers requests with the memory of a normal child
	ModeHeavy  = "heavy"  // the same with more memory: the one child for large pictures and HEIC
	ModeFFmpeg = "ffmpeg" // becomes the program that the second argument names, with the rest as its arguments
)

// Exit codes of Main. Of a decoder the parent looks at the connection only; they help a person who runs strace.
const (
	exitDone   = 0 // the parent closed the connection
	exitUsage  = 2
	exitJail   = 3 // a limit could not be set: nothing was read
	exitBroken = 4 // the connection broke

	// ExitNoFFmpeg: ffmpeg could not be started. ffmpeg itself ends with 0, 1, 69, 123 or 255.
	ExitNoFFmpeg = 5
)

// SocketFD is the descriptor on which the parent hands over the connection: os.NewFile(SocketFD, "requests").
const SocketFD = 3

// Main runs the mode in args[0] and returns the exit code. It closes in; ModeFFmpeg does not touch it.
func Main(in *os.File, args ...string) int {
	if len(args) == 0 {
		return exitUsage
	}
	switch args[0] {
	case ModeNormal:
		return confined(in, jail.NormalDataBytes, false)
	case ModeHeavy:
		return confined(in, jail.HeavyDataBytes, true)
	case ModeFFmpeg:
		return becomeFFmpeg(args[1:])
	}
	return exitUsage
}

func confined(in *os.File, dataBytes uint64, heavy bool) int {
	if err := jail.Decoder(dataBytes); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitJail
	}
	conn, err := link.Open(in)
	if err != nil {
		return exitBroken
	}
	defer conn.Close()
	if err := serve(conn, heavy); !errors.Is(err, io.EOF) {
		return exitBroken
	}
	return exitDone
}

func serve(conn *net.UnixConn, heavy bool) error {
	h := &handler{}
	for {
		req, f, err := link.ReceiveRequest(conn)
		if err != nil {
			return err
		}
		a := h.answer(req, f)
		f.Close()
		err = link.SendAnswer(conn, a)
		if errors.Is(err, link.ErrTooLong) {
			rule := fmt.Sprintf("answer bytes exceed %d", wire.MaxAnswerBytes)
			err = link.SendAnswer(conn, refusal(&wire.Fault{Class: wire.ClassRefused, Rule: rule}, req.Op))
		}
		if err != nil {
			return err
		}
		if heavy {
			h = &handler{}
			debug.FreeOSMemory() // it may stand idle for hours after a picture of 100 megapixels
		}
	}
}

// answer turns whatever a reader does, a panic included, into one answer.
func (h *handler) answer(req wire.Request, f *os.File) (a wire.Answer) {
	defer func() {
		if p := recover(); p != nil {
			*h = handler{} // half of a picture may be left in it
			a = refusal(&wire.Fault{Class: wire.ClassInvalid, Rule: "reader panicked", Detail: fmt.Sprint(p)}, req.Op)
		}
	}()
	if req.Version != wire.Version {
		return refusal(&wire.Fault{Class: wire.ClassUnsupported, Rule: "version of the exchange"}, req.Op)
	}
	a, fault := h.handle(req, f)
	if fault != nil {
		return refusal(fault, req.Op)
	}
	a.Version = wire.Version
	return a
}

// refusal bounds the texts of a fault, which may quote the file.
func refusal(f *wire.Fault, op wire.Op) wire.Answer {
	g := *f
	g.Op = op
	g.Rule, g.Detail = bounded(g.Rule, wire.MaxRuleBytes), bounded(g.Detail, wire.MaxDetailBytes)
	return wire.Answer{Version: wire.Version, Fault: &g}
}

func bounded(s string, maxBytes int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= maxBytes {
		return s
	}
	cut := maxBytes
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut]
}

func becomeFFmpeg(args []string) int {
	if len(args) == 0 {
		return exitUsage
	}
	if err := jail.FFmpeg(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return exitJail
	}
	err := syscall.Exec(args[0], args, []string{})
	fmt.Fprintln(os.Stderr, "child: start ffmpeg:", err)
	return ExitNoFFmpeg
}
