package decode

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"time"

	"whenwhere/internal/decode/child"
	"whenwhere/internal/decode/link"
	"whenwhere/internal/decode/wire"
)

// worker is one running child. Only the holder of its slot uses it.
type worker struct {
	cmd   *exec.Cmd
	conn  *net.UnixConn
	out   *tail
	files int // requests sent to it
}

func (p *Pool) newWorker(mode string) (*worker, error) {
	conn, theirs, err := link.Pair()
	if err != nil {
		return nil, err
	}
	defer theirs.Close()
	w := &worker{cmd: p.command(mode), conn: conn, out: &tail{}}
	w.cmd.Stdout, w.cmd.Stderr = w.out, w.out
	w.cmd.ExtraFiles = []*os.File{theirs} // descriptor child.SocketFD
	if err := p.spawn.start(w.cmd); err != nil {
		conn.Close()
		return nil, err
	}
	return w, nil
}

func (p *Pool) command(args ...string) *exec.Cmd {
	return exec.Command(p.cfg.Exe, append(append([]string{}, p.cfg.Args...), args...)...)
}

// end kills the child and waits for it. It may be called on a child that is dead.
func (w *worker) end() {
	w.conn.Close()
	killGroup(w.cmd)
	// A killed child always has an error to report.
	_ = w.cmd.Wait()
}

// Ways in which one exchange ends without an answer.
var (
	errDied    = errors.New("decode: child died")
	errTimeout = errors.New("decode: wall-clock limit")
)

// exchange sends one request and returns the checked answer. After an error the child must be ended.
func (w *worker) exchange(ctx context.Context, req wire.Request, f *os.File, wall time.Duration) (wire.Answer, error) {
	w.files++
	if err := w.conn.SetDeadline(time.Now().Add(wall)); err != nil {
		return wire.Answer{}, errDied
	}
	// The past ends a read that waits, at once.
	stop := context.AfterFunc(ctx, func() { _ = w.conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	body, err := w.talk(req, f)
	if ctx.Err() != nil {
		return wire.Answer{}, context.Cause(ctx)
	}
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return wire.Answer{}, errTimeout
	case errors.Is(err, link.ErrTooLong):
		return wire.Answer{}, errors.Join(wire.ErrBadAnswer, err)
	case err != nil:
		return wire.Answer{}, errDied
	}
	return wire.Parse(body, req)
}

func (w *worker) talk(req wire.Request, f *os.File) ([]byte, error) {
	if err := link.SendRequest(w.conn, req, f); err != nil {
		return nil, err
	}
	return link.ReceiveAnswer(w.conn)
}

// modeOf names the two kinds of slot.
const (
	modeNormal = child.ModeNormal
	modeHeavy  = child.ModeHeavy
)
