package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"whenwhere/internal/audit"
	"whenwhere/internal/blob"
	"whenwhere/internal/report"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

func newAudit() *cobra.Command {
	cmd := &cobra.Command{
		Use: "audit", Short: "Check and sign the log of all that was received, judged, decided and exported",
		Long: `Each event (received, extracted, assessed, decided, merged, imported, catalogued, exported)
is an entry of a log, written together with the result that it tells of. The entries are
the leaves of a Merkle tree whose root is signed at the end of each command, so that
nothing of it, and nothing that it speaks of, can be changed, deleted or put in between
without being found.

Whoever has the private key (log.key in the data folder) could rewrite all of it. Against
that helps only a checkpoint kept elsewhere: hand one out, or print one, now and then.

` + exitHelp,
		Example: `  whenwhere audit check
  whenwhere audit checkpoint -o checkpoint-2024-11.txt     keep it elsewhere
  whenwhere audit check --since checkpoint-2024-11.txt
  whenwhere audit check-bundle bundle.zip --pub log.pub`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newAuditCheck(), newAuditCheckpoint(), newAuditCheckBundle(), newAuditTimestamp())
	return cmd
}

type auditOptions struct {
	dataDir, pub, ca string
	since            []string
	asJSON           bool
}

func newAuditCheck() *cobra.Command {
	var o auditOptions
	cmd := &cobra.Command{
		Use: "check", Short: "Say what in the data folder is not as it was logged",
		Long: `Read the whole log again, hash it again, and compare: each leaf with the tree, the tree
with every signed checkpoint, every row of results with its leaf, and every original with
its digest. What was edited, deleted, swapped, cut off or put in is named, and nothing is
changed.

--since names a checkpoint that was kept elsewhere: the log of today must continue it.
--pub names the public key of the log, as a file or as its text. Without it, the key that
lies in the data folder is used, which whoever changed the folder could have changed too.

The last checkpoint lies in the data folder as log.checkpoint too, so that an older database
put back in place of the newer one is found. Whoever does so on purpose keeps that file
elsewhere, as the proof of what was there, and takes it out of the folder.

` + exitHelp,
		Example: "  whenwhere audit check\n  whenwhere audit check --pub log.pub --since checkpoint-2024-11.txt",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := filled(cmd, "pub", "ca"); err != nil {
				return err
			}
			return auditCheck(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o)
		},
	}
	addData(cmd, &o.dataDir)
	cmd.Flags().StringArrayVar(&o.since, "since", nil, "`FILE` of a checkpoint kept elsewhere that the log must continue; may be repeated")
	cmd.Flags().StringVar(&o.pub, "pub", "", "public `KEY` of the log, as a file or as text (default that of the data folder)")
	addRoots(cmd, &o.ca)
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "the outcome as JSON")
	return cmd
}

// auditOutcome is what a check says.
type auditOutcome struct {
	Leaves      int64              `json:"leaves"`
	Root        string             `json:"root"`
	Key         string             `json:"key,omitempty"`
	Checkpoints int                `json:"checkpoints"` // that verified
	Unsigned    int64              `json:"unsigned"`    // leaves at the end that no checkpoint covers
	Items       map[audit.Kind]int `json:"items"`
	Originals   int                `json:"originals"` // that are unchanged
	Stamps      []audit.Stamp      `json:"stamps,omitempty"`
	Damage      []audit.Damage     `json:"damage"`
}

func auditCheck(ctx context.Context, out, errs io.Writer, o auditOptions) error {
	since, err := readCheckpoints(o.since)
	if err != nil {
		return err
	}
	roots, err := rootsOf(o.ca)
	if err != nil {
		return err
	}
	d, lock, err := openAlone(ctx, o.dataDir)
	if err != nil {
		return explain(err)
	}
	outcome, err := checkAll(ctx, d, o.pub, since, roots)
	closing := d.Close()
	var refused *audit.DamagedError
	if errors.As(closing, &refused) && len(outcome.Damage) > 0 {
		closing = nil // opening the folder logged what was there, and that is not signed for a reason that is said below
	}
	if err = errors.Join(err, closing, lock.Release()); err != nil {
		return explain(err)
	}
	if o.pub == "" && outcome.Key != "" && !o.asJSON {
		fmt.Fprintln(errs, "checked with the key that lies in the data folder itself; --pub names one that was kept elsewhere")
	}
	if err := printOutcome(out, outcome, o.asJSON); err != nil {
		return err
	}
	return damaged(outcome.Damage)
}

// damaged is exit code 4 when there is any damage.
func damaged(all []audit.Damage) error {
	if len(all) == 0 {
		return nil
	}
	return &codedError{exitDamage, fmt.Errorf("damage found: %s", pipeline.Counted(len(all), "fault"))}
}

const maxCheckpointFile = 64 << 10

func readCheckpoints(paths []string) (out [][]byte, err error) {
	for _, p := range paths {
		if strings.TrimSpace(p) == "" {
			return nil, badOption("since", p, "the file of a checkpoint that was kept elsewhere")
		}
		text, err := readRegular(p, maxCheckpointFile)
		if err == nil && len(text) > maxCheckpointFile {
			err = fmt.Errorf("%s: more than %d bytes are no checkpoint", p, maxCheckpointFile)
		}
		if err != nil {
			return nil, fmt.Errorf("--since: %w", err)
		}
		out = append(out, text)
	}
	return out, nil
}

// publicKey reads a key that was given as a file or as text.
func publicKey(given string) (audit.PublicKey, error) {
	text := given
	_, err := os.Stat(given)
	if err == nil {
		read, err := readRegular(given, maxCheckpointFile)
		if err != nil {
			return audit.PublicKey{}, fmt.Errorf("--pub: %w", err)
		}
		text = string(read)
	} else if !strings.Contains(given, "+") { // no key, so it was meant as a file
		return audit.PublicKey{}, fmt.Errorf("--pub: %w", err)
	}
	key, err := audit.ParsePublicKey(text)
	if err != nil {
		return key, &codedError{exitUsage, fmt.Errorf("--pub: %w", err)}
	}
	return key, nil
}

// keyOf is the key that was given, else that of the folder; the zero key when there is none.
func (d *data) keyOf(given string) (audit.PublicKey, error) {
	if given != "" {
		return publicKey(given)
	}
	key, err := audit.LoadPublicKey(d.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return audit.PublicKey{}, nil
	}
	return key, err
}

func checkAll(ctx context.Context, d *data, pub string, since [][]byte, roots *audit.Roots) (auditOutcome, error) {
	key, err := d.keyOf(pub)
	if err != nil {
		return auditOutcome{}, err
	}
	outcome := auditOutcome{Items: map[audit.Kind]int{}, Damage: []audit.Damage{}}
	if key != (audit.PublicKey{}) {
		outcome.Key = key.String()
	}
	head, err := audit.LoadHead(d.dir) // before the log is read: another command may add to both
	if err != nil {
		return outcome, err
	}
	var log *audit.Log
	err = d.store.Snapshot(ctx, func(now *store.Snapshot) error { // of what others write meanwhile, a half would look like damage
		if log, err = audit.Check(ctx, now, key, since...); err != nil {
			return err
		}
		followsHead(log, key, head)
		return compare(ctx, now, log, roots, &outcome)
	})
	if err != nil {
		return outcome, err
	}
	if err := d.checkRules(ctx, &outcome); err != nil {
		return outcome, err
	}
	return outcome, d.checkOriginals(ctx, log, &outcome)
}

// followsHead checks that the log continues the checkpoint that lies beside the database.
func followsHead(log *audit.Log, key audit.PublicKey, head []byte) {
	switch {
	case head != nil:
		signed := log.Checkpoints
		log.Follows(key, head, audit.HeadFile)
		log.Checkpoints = signed // it is one of those of the log
	case log.Checkpoints > 0:
		log.Damage = append(log.Damage, audit.Damage{Where: audit.HeadFile, What: "it is missing, and the log was signed; whenwhere audit checkpoint writes it again"})
	}
}

// compare compares what the store holds with the log.
func compare(ctx context.Context, now *store.Snapshot, log *audit.Log, roots *audit.Roots, outcome *auditOutcome) error {
	stored, err := now.Checkpoints(ctx)
	if err != nil {
		return err
	}
	outcome.Stamps = log.CheckStamps(stored, roots)
	outcome.Leaves, outcome.Root, outcome.Checkpoints, outcome.Unsigned = log.Size, log.Root.String(), log.Checkpoints, log.Unsigned
	holdings := log.Holdings()
	err = now.Held(ctx, func(h audit.Held) error {
		outcome.Items[h.Kind]++
		holdings.Add(h)
		return ctx.Err()
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		holdings.Stop(err)
	}
	outcome.Damage = append(append(outcome.Damage, log.Damage...), holdings.Damage()...)
	return nil
}

// checkRules looks whether the tables of rules that verdicts name are here, and are those.
func (d *data) checkRules(ctx context.Context, outcome *auditOutcome) error {
	names, err := d.store.RulesInUse(ctx)
	for _, name := range names {
		if err != nil {
			break
		}
		if _, digest := score.SplitName(name); digest == "" {
			continue // of this program, or of a later one
		}
		var changed *codedError
		_, err = rulesNamed(ctx, d, name)
		switch {
		case errors.Is(err, store.ErrNotFound):
			outcome.Damage, err = append(outcome.Damage, audit.Damage{Where: "rules " + name, What: "they are gone, and verdicts were made by them"}), nil
		case errors.As(err, &changed):
			outcome.Damage, err = append(outcome.Damage, audit.Damage{Where: "rules " + name, What: "they are not those that verdicts were made by"}), nil
		}
	}
	return err
}

// checkOriginals hashes every original that a leaf speaks of.
func (d *data) checkOriginals(ctx context.Context, log *audit.Log, outcome *auditOutcome) error {
	for _, id := range log.Originals() {
		err := d.blobs.Verify(ctx, pipeline.MediaID(id))
		var changed *blob.DamagedError
		switch {
		case errors.Is(err, fs.ErrNotExist):
			outcome.Damage = append(outcome.Damage, audit.Damage{Where: "original " + id.String(), What: "it is missing"})
		case errors.As(err, &changed):
			outcome.Damage = append(outcome.Damage, audit.Damage{Where: "original " + id.String(), What: "its bytes changed: " + originalFault(changed)})
		case err != nil:
			return err
		default:
			outcome.Originals++
		}
	}
	return nil
}

func originalFault(e *blob.DamagedError) string {
	if e.Err != nil {
		return e.Err.Error()
	}
	return "they are those of " + e.Got.String()
}

func printOutcome(out io.Writer, o auditOutcome, asJSON bool) error {
	if asJSON {
		return report.JSONLines(out, o)
	}
	fmt.Fprintf(out, "log: %d leaves, root %s, %s verified\n", o.Leaves, o.Root, pipeline.Counted(o.Checkpoints, "checkpoint"))
	var held []string
	for kind, n := range o.Items {
		held = append(held, fmt.Sprintf("%s %d", strings.ReplaceAll(string(kind), "_", " "), n))
	}
	slices.Sort(held)
	fmt.Fprintf(out, "held: %s; %s\n", strings.Join(held, ", "), pipeline.Counted(o.Originals, "unchanged original"))
	for _, s := range o.Stamps {
		fmt.Fprintln(out, stampText(s))
	}
	if o.Unsigned > 0 {
		fmt.Fprintf(out, "not signed: the last %d leaves. A command was ended before it signed them, or checkpoints were taken out; --since tells which, "+
			"and whenwhere audit checkpoint signs them\n", o.Unsigned)
	}
	for _, f := range o.Damage {
		fmt.Fprintln(out, "DAMAGE", report.Plain(f.String()))
	}
	if len(o.Damage) == 0 {
		fmt.Fprintln(out, "no damage: everything is as it was logged")
	}
	return nil
}
