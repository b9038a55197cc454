package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"whenwhere/internal/audit"
	"whenwhere/pipeline"
)

func newAuditTimestamp() *cobra.Command {
	cmd := &cobra.Command{
		Use: "timestamp", Short: "Have an authority state when the log was as it is (RFC 3161)",
		Long: `Have an authority of time stamps (RFC 3161) state when the log was as it is: request
writes what to send to it, which is a digest and nothing else; attach keeps its answer
beside the checkpoint. "audit check" verifies it, and each bundle carries the latest one.
Nothing waits for a time stamp, and nothing is sent by this program.

` + exitHelp,
		Example: `  whenwhere audit timestamp request -o request.tsq
  curl -H 'Content-Type: application/timestamp-query' --data-binary @request.tsq https://AUTHORITY > answer.tsr
  whenwhere audit timestamp attach answer.tsr
  whenwhere audit check --ca authority.pem`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newStampRequest(), newStampAttach())
	return cmd
}

func newStampRequest() *cobra.Command {
	var dir, file string
	cmd := &cobra.Command{
		Use: "request -o FILE", Short: "Write the request for a time stamp of the log as it is",
		Long:    "Sign the log as it is, and write the request (DER) for a time stamp of that checkpoint.\n\n" + exitHelp,
		Example: "  whenwhere audit timestamp request -o request.tsq",
		Args:    usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return stampRequest(cmd.Context(), cmd.OutOrStdout(), dir, file)
		},
	}
	addData(cmd, &dir)
	cmd.Flags().StringVarP(&file, "output", "o", "", "`FILE` to write the request to (needed)")
	return cmd
}

func stampRequest(ctx context.Context, out io.Writer, dirFlag, file string) error {
	if file == "" {
		return &codedError{exitUsage, errors.New("request: name the file with -o")}
	}
	d, lock, err := openAlone(ctx, dirFlag)
	if err != nil {
		return explain(err)
	}
	signed, _, err := d.sign(ctx)
	if err = errors.Join(err, d.Close(), lock.Release()); err != nil {
		return explain(err)
	}
	text, err := audit.StampRequest(signed.Note)
	if err != nil {
		return err
	}
	err = writeNew(file, func(w io.Writer) error { _, err := w.Write(text); return err })
	if err == nil {
		fmt.Fprintf(out, "%s: request for a time stamp of the checkpoint of %d leaves\n", file, signed.Size)
	}
	return err
}

func newStampAttach() *cobra.Command {
	var dir, ca string
	cmd := &cobra.Command{
		Use: "attach ANSWER", Short: "Keep an authority's answer beside its checkpoint",
		Long:    "Keep an authority's answer (DER) beside the checkpoint that it is of. An answer that is of\nnone of them, or whose signature does not verify, is refused.\n\n" + exitHelp,
		Example: "  whenwhere audit timestamp attach answer.tsr --ca authority.pem",
		Args:    usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := filled(cmd, "ca"); err != nil {
				return err
			}
			return stampAttach(cmd.Context(), cmd.OutOrStdout(), dir, ca, args[0])
		},
	}
	addData(cmd, &dir)
	addRoots(cmd, &ca)
	return cmd
}

func stampAttach(ctx context.Context, out io.Writer, dirFlag, ca, file string) error {
	roots, err := rootsOf(ca)
	if err != nil {
		return err
	}
	answer, err := readRegular(file, maxCheckpointFile)
	if err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	token, err := audit.TokenOf(answer)
	if err != nil {
		return &codedError{exitPartial, fmt.Errorf("%s: %w", file, err)}
	}
	d, lock, err := openAlone(ctx, dirFlag)
	if err != nil {
		return explain(err)
	}
	stamp, err := attach(ctx, d, file, token, roots)
	if err = errors.Join(err, d.Close(), lock.Release()); err != nil {
		return explain(err)
	}
	fmt.Fprintln(out, stampText(stamp))
	return nil
}

// attach keeps the token of a file beside the checkpoint that it is of.
func attach(ctx context.Context, d *data, file string, token []byte, roots *audit.Roots) (audit.Stamp, error) {
	stored, err := d.store.Checkpoints(ctx)
	if err != nil {
		return audit.Stamp{}, err
	}
	digest := audit.TokenDigest(token)
	for _, c := range stored {
		if sha256.Sum256(c.Note) != digest {
			continue
		}
		stamp, err := audit.ReadStamp(token, c.Note, c.Size, roots)
		if err != nil {
			return stamp, &codedError{exitPartial, fmt.Errorf("%s: %w", file, err)}
		}
		return stamp, d.store.SaveToken(ctx, c.Size, token)
	}
	return audit.Stamp{}, &codedError{exitPartial, fmt.Errorf("%s: it is of none of the %s of this log", file, pipeline.Counted(len(stored), "checkpoint"))}
}
