package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// cluster is a PostgreSQL of our own: its data and its socket lie in a temporary folder that only its owner may enter, and
// it listens on no network.
type cluster struct {
	bin, dir string
	owner    *syscall.Credential // nil: the caller; root may not run a server, so it lends its place to postgres
	server   *exec.Cmd
	ended    chan error
}

// settings: one core for a question, all pages in memory, no cost of durability. jit off: compiling costs more than it
// saves at this size (tried).
var settings = map[string]string{
	"listen_addresses": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off",
	"shared_buffers": "512MB", "work_mem": "64MB", "maintenance_work_mem": "256MB", "max_connections": "4",
	"max_parallel_workers_per_gather": "0", "max_parallel_maintenance_workers": "0", "jit": "off", "random_page_cost": "1.1",
}

// startCluster makes and starts a cluster; errSkipped when the packages are not there. The caller must stop it, and must
// stay on its thread (runtime.LockOSThread): the kernel takes the death of the thread that started the server for ours.
func startCluster(ctx context.Context) (*cluster, error) {
	bin, err := findServer()
	if err != nil {
		return nil, err
	}
	c := &cluster{bin: bin, ended: make(chan error, 1)}
	if err := c.makeFolder(); err != nil {
		return nil, err
	}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.stop())
	}
	return c, nil
}

// findServer is the folder of the programs of the newest PostgreSQL that has PostGIS.
func findServer() (string, error) {
	found, err := filepath.Glob("/usr/share/postgresql/*/extension/postgis.control")
	if err != nil {
		return "", err
	}
	best := 0
	for _, file := range found {
		version, err := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(file))))
		if _, missing := os.Stat(fmt.Sprintf("/usr/lib/postgresql/%d/bin/initdb", version)); err == nil && missing == nil {
			best = max(best, version)
		}
	}
	if best == 0 {
		return "", fmt.Errorf("%w: PostgreSQL with PostGIS is not installed (Debian: postgresql-15-postgis-3)", errSkipped)
	}
	return fmt.Sprintf("/usr/lib/postgresql/%d/bin", best), nil
}

func (c *cluster) makeFolder() error {
	dir, err := os.MkdirTemp("", "frontbench")
	if err != nil {
		return err
	}
	c.dir = dir
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	uid, err1 := strconv.Atoi(who.Uid)
	gid, err2 := strconv.Atoi(who.Gid)
	if err := errors.Join(err1, err2, os.Chown(dir, uid, gid)); err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	c.owner = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return nil
}

func (c *cluster) start(ctx context.Context) error {
	initdb := c.command(ctx, "initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
	if text, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, text)
	}
	args := []string{"-D", c.data(), "-k", c.dir}
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	c.server = c.command(context.WithoutCancel(ctx), "postgres", args...)
	if err := c.server.Start(); err != nil {
		return err
	}
	go func() { c.ended <- c.server.Wait() }()
	return c.ready(ctx)
}

// ready asks until the server answers.
func (c *cluster) ready(ctx context.Context) error {
	for range 300 {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err := <-c.ended:
			c.server = nil
			return fmt.Errorf("postgres ended at once: %w", err)
		case <-time.After(100 * time.Millisecond):
		}
		if exec.CommandContext(ctx, filepath.Join(c.bin, "pg_isready"), "-q", "-h", c.dir).Run() == nil {
			return nil
		}
	}
	return errors.New("postgres does not answer after 30 s")
}

// command runs as the owner and in a process group of its own, so that Ctrl-C reaches it through us, in order; SIGQUIT
// (immediate shutdown) when we die without that.
func (c *cluster) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C", "TZ=UTC", "PGUSER=postgres", "PGDATABASE=postgres", "PGHOST="+c.dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGQUIT, Credential: c.owner}
	return cmd
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// stop ends the server (fast shutdown) and removes its folder.
func (c *cluster) stop() (err error) {
	if c.server != nil {
		_ = c.server.Process.Signal(syscall.SIGINT) // already ended is as good
		select {
		case err = <-c.ended:
		case <-time.After(10 * time.Second):
			_ = c.server.Process.Kill()
			err = <-c.ended
		}
	}
	return errors.Join(err, os.RemoveAll(c.dir))
}
