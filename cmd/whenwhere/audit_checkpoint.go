package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"whenwhere/internal/audit"
	"whenwhere/internal/report"
	"whenwhere/internal/store/sqlite"
)

func newAuditCheckpoint() *cobra.Command {
	var dir, file string
	var asJSON bool
	cmd := &cobra.Command{
		Use: "checkpoint", Short: "Sign the log as it is and print the checkpoint",
		Long: `Sign the log as it is and print the signed checkpoint: three lines and a signature. Before
that, all leaves since the last checkpoint are read again and hashed again, and the last
signed tree must be the beginning of this one; a damaged log is not signed.

Keep checkpoints where nobody who can change the data folder can change them: with a
partner, in the post, in print. "audit check --since" then shows whether the log of today
continues that of then, even against somebody who has the private key.

` + exitHelp,
		Example: "  whenwhere audit checkpoint\n  whenwhere audit checkpoint -o checkpoint.txt",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := filled(cmd, "output"); err != nil {
				return err
			}
			return auditCheckpoint(cmd.Context(), cmd.OutOrStdout(), dir, file, asJSON)
		},
	}
	addData(cmd, &dir)
	cmd.Flags().StringVarP(&file, "output", "o", "", "`FILE` to write the checkpoint to (default standard output)")
	cmd.Flags().BoolVar(&asJSON, "json", false, "the checkpoint with its parts and the public key as JSON")
	return cmd
}

func auditCheckpoint(ctx context.Context, out io.Writer, dirFlag, file string, asJSON bool) error {
	d, lock, err := openAlone(ctx, dirFlag)
	if err != nil {
		return explain(err)
	}
	signed, key, err := d.sign(ctx)
	if err = errors.Join(err, d.Close(), lock.Release()); err != nil {
		return explain(err)
	}
	write := func(w io.Writer) error {
		if asJSON {
			return printCheckpoint(w, signed, key)
		}
		_, err := w.Write(signed.Note)
		return err
	}
	if file == "" {
		return write(out)
	}
	return writeNew(file, write)
}

func printCheckpoint(out io.Writer, signed audit.Signed, key audit.PublicKey) error {
	c, err := key.Open(signed.Note)
	if err != nil {
		return err
	}
	return report.JSONLines(out, struct {
		Origin string `json:"origin"`
		Leaves int64  `json:"leaves"`
		Root   string `json:"root"`
		Key    string `json:"key"`
		Note   string `json:"note"`
	}{c.Origin, c.Size, c.Root.String(), key.String(), string(signed.Note)})
}

// sign signs the log as it is and keeps the checkpoint. The key is made when the log has none yet; a log that was signed
// and has lost its key is not signed by another.
func (d *data) sign(ctx context.Context) (audit.Signed, audit.PublicKey, error) {
	old, err := d.store.Checkpoints(ctx)
	if err != nil {
		return audit.Signed{}, audit.PublicKey{}, err
	}
	signer, err := audit.LoadSigner(d.dir, len(old) == 0)
	if errors.Is(err, fs.ErrNotExist) {
		err = &hintedError{err, "what was done is kept and logged, but not signed: restore the key from a copy, then run whenwhere audit checkpoint"}
	}
	if err != nil {
		return audit.Signed{}, audit.PublicKey{}, err
	}
	head, err := audit.LoadHead(d.dir) // before the log is read: another command may add to both
	if err == nil && head != nil {
		err = audit.Continues(ctx, d.store, signer.Public(), head, audit.HeadFile)
	}
	var signed audit.Signed
	if err == nil {
		signed, err = audit.Sign(ctx, d.store, signer)
	}
	var damaged *audit.DamagedError
	if errors.As(err, &damaged) {
		err = &codedError{exitDamage, fmt.Errorf("%w; what was done is kept, but not signed (see whenwhere audit check)", err)}
	}
	if err == nil {
		err = d.store.SaveCheckpoint(ctx, signed)
	}
	if err == nil && !bytes.Equal(head, signed.Note) {
		err = d.keepHead(ctx, signed.Note)
	}
	return signed, signer.Public(), err
}

// keepHead keeps the last checkpoint beside the database, once the leaves that it signs would survive a power cut.
func (d *data) keepHead(ctx context.Context, signed []byte) error {
	if err := sqlite.Sync(ctx, d.store); err != nil {
		return err
	}
	return audit.SaveHead(d.dir, signed)
}
