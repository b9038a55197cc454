// Package link carries requests and answers between the parent and its decoder child over a Unix socket pair.
//
// A message is its length, four bytes, big-endian, then JSON. A request brings one open descriptor with its first byte
// (SCM_RIGHTS). Lengths are checked before anything is allocated. Datagram sockets would end a message at the socket
// buffer, about 200 kB, so the pair is a stream.
package link

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"

	"golang.org/x/sys/unix"

	"whenwhere/internal/decode/wire"
)

// maxRequestBytes bounds a request; real ones are a few hundred bytes.
const maxRequestBytes = 4096

// ErrTooLong is returned for a message whose announced length exceeds the limit, before it is read.
var ErrTooLong = errors.New("link: message too long")

// Pair returns the two ends of a new connection: ours, and the file to hand to the child, which the caller closes.
func Pair() (*net.UnixConn, *os.File, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, fmt.Errorf("link: socket pair: %w", err)
	}
	ours, theirs := os.NewFile(uintptr(fds[0]), "decoder"), os.NewFile(uintptr(fds[1]), "decoder-child")
	conn, err := Open(ours)
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn, theirs, nil
}

// Open makes a connection of one end and closes f.
func Open(f *os.File) (*net.UnixConn, error) {
	defer f.Close()
	c, err := net.FileConn(f)
	if err != nil {
		return nil, fmt.Errorf("link: open: %w", err)
	}
	u, ok := c.(*net.UnixConn)
	if !ok {
		c.Close()
		return nil, errors.New("link: open: not a Unix socket")
	}
	return u, nil
}

// SendRequest sends req together with f, which stays open here.
func SendRequest(c *net.UnixConn, req wire.Request, f *os.File) error {
	msg, err := frame(req)
	if err != nil {
		return err
	}
	// SyscallConn, not Fd: Fd would switch the descriptor to blocking under the caller.
	raw, err := f.SyscallConn()
	if err != nil {
		return fmt.Errorf("link: send descriptor: %w", err)
	}
	var sent error
	err = raw.Control(func(fd uintptr) { _, _, sent = c.WriteMsgUnix(msg, unix.UnixRights(int(fd)), nil) })
	if err := errors.Join(err, sent); err != nil {
		return fmt.Errorf("link: send request: %w", err)
	}
	return nil
}

// ReceiveRequest returns the next request and its descriptor; io.EOF when the parent has closed its end.
func ReceiveRequest(c *net.UnixConn) (wire.Request, *os.File, error) {
	var head [4]byte
	oob := make([]byte, unix.CmsgSpace(4))
	n, oobn, flags, _, err := c.ReadMsgUnix(head[:], oob)
	if err != nil {
		return wire.Request{}, nil, err
	}
	if n == 0 {
		return wire.Request{}, nil, io.EOF
	}
	f, err := descriptor(oob[:oobn], flags)
	if err != nil {
		return wire.Request{}, nil, err
	}
	req, err := body(c, head, n)
	if err != nil {
		f.Close()
		return wire.Request{}, nil, err
	}
	return req, f, nil
}

func body(c *net.UnixConn, head [4]byte, have int) (wire.Request, error) {
	if _, err := io.ReadFull(c, head[have:]); err != nil {
		return wire.Request{}, fmt.Errorf("link: request length: %w", err)
	}
	text, err := rest(c, head, maxRequestBytes)
	if err != nil {
		return wire.Request{}, err
	}
	var req wire.Request
	if err := json.Unmarshal(text, &req); err != nil {
		return wire.Request{}, fmt.Errorf("link: request: %w", err)
	}
	return req, nil
}

func descriptor(oob []byte, flags int) (*os.File, error) {
	msgs, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, fmt.Errorf("link: control message: %w", err)
	}
	if len(msgs) != 1 || flags&unix.MSG_CTRUNC != 0 {
		return nil, fmt.Errorf("link: request without exactly one descriptor (%d messages)", len(msgs))
	}
	fds, err := unix.ParseUnixRights(&msgs[0])
	if err != nil {
		return nil, fmt.Errorf("link: rights: %w", err)
	}
	if len(fds) != 1 {
		return nil, fmt.Errorf("link: request with %d descriptors", len(fds))
	}
	return os.NewFile(uintptr(fds[0]), "input"), nil
}

// SendAnswer sends a, or nothing and ErrTooLong if the parent would refuse it unread.
func SendAnswer(c *net.UnixConn, a wire.Answer) error {
	msg, err := frame(a)
	if err != nil {
		return err
	}
	if n := len(msg) - 4; n > wire.MaxAnswerBytes {
		return fmt.Errorf("%w: %d bytes exceed %d", ErrTooLong, n, wire.MaxAnswerBytes)
	}
	if _, err := c.Write(msg); err != nil {
		return fmt.Errorf("link: send answer: %w", err)
	}
	return nil
}

// ReceiveAnswer returns the JSON of the next answer, unparsed: wire.Parse distrusts it.
func ReceiveAnswer(c *net.UnixConn) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		return nil, fmt.Errorf("link: answer length: %w", err)
	}
	return rest(c, head, wire.MaxAnswerBytes)
}

func rest(c *net.UnixConn, head [4]byte, maxBytes uint32) ([]byte, error) {
	n := binary.BigEndian.Uint32(head[:])
	if n > maxBytes {
		return nil, fmt.Errorf("%w: %d bytes exceed %d", ErrTooLong, n, maxBytes)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(c, text); err != nil {
		return nil, fmt.Errorf("link: message of %d bytes: %w", n, err)
	}
	return text, nil
}

func frame(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("link: encode: %w", err)
	}
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...), nil
}
