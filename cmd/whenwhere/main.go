// Command whenwhere verifies where and when footage of reported incidents was filmed.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"whenwhere/internal/decode/child"
	"whenwhere/internal/report"
)

// Exit codes, the same for every command.
const (
	exitDone    = 0
	exitError   = 1
	exitUsage   = 2
	exitPartial = 3 // done, but some media or stage failed, or some input was refused
	exitDamage  = 4 // the audit or store check found damage
)

const exitHelp = `Exit codes: 0 done; 1 error; 2 usage; 3 done, but some media or stage failed or some
input was refused; 4 damage was found: of a file of rules, of the log or what it tells of,
of a bundle.`

// codedError ends the program with a code; its error may be nil when everything was said already.
type codedError struct {
	code int
	err  error
}

func (e *codedError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *codedError) Unwrap() error { return e.err }

func main() {
	if len(os.Args) > 1 && os.Args[1] == "decode" {
		os.Exit(child.Main(os.NewFile(child.SocketFD, "requests"), os.Args[2:]...))
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is main without the process: it returns the exit code.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	var coded *codedError
	if errors.As(err, &coded) {
		if coded.err != nil {
			fmt.Fprintf(stderr, "whenwhere: %s\n", plainLines(coded.err))
		}
		return coded.code
	}
	fmt.Fprintf(stderr, "whenwhere: %s\n", plainLines(err))
	var hinted *hintedError
	if errors.As(err, &hinted) {
		fmt.Fprintf(stderr, "  %s\n", hinted.hint)
	}
	return exitError
}

// plainLines keeps the lines of an error apart and takes from each what could command a terminal: names of files and what
// was typed may hold anything.
func plainLines(err error) string {
	lines := strings.Split(err.Error(), "\n")
	for i, l := range lines {
		lines[i] = report.Plain(l)
	}
	return strings.Join(lines, "\n")
}

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "whenwhere",
		Short: "Verify where and when footage of reported incidents was filmed",
		Long: `whenwhere measures what can be measured in photos and videos of reported incidents:
clocks, positions, light, prints of the pictures. It compares them with each
incident's claim, with dated control maps and with known footage, and writes one
verification score per incident that can be taken apart line by line.

The score is about place and time of filming. It does not say that a crime
occurred, nor who did it.

` + exitHelp,
		Example: `  whenwhere verify CASE              verify all incidents of a case folder
  whenwhere show AUT-01              take one verdict apart
  whenwhere media photo.jpg          what can be measured in a file, no claim needed
  whenwhere known find clip.mp4      what in the archive is the same footage`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          usageArgs(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &codedError{exitUsage, err} })
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(newVerify(), newMedia(), newShow(), newKnown(), newControl(), newClock(), newExposure(), newSun(), newLocate(), newPlace(), newRules(), newDecide(), newReassess(), newHistory(), newDuplicates(), newMerge(), newSummary(), newStatements(), newWitnesses(), newReport(), newAudit(), newExport(), newSchema(), newVersion(), newDecode())
	return root
}

// usageArgs turns a fault in the arguments into exit code 2.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &codedError{exitUsage, fmt.Errorf("%s: %w (see %s --help)", cmd.Name(), err, cmd.CommandPath())}
		}
		return nil
	}
}

// newDecode stands for the child that reads hostile bytes; main hands over to it before cobra runs.
func newDecode() *cobra.Command {
	return &cobra.Command{Use: "decode", Short: "read hostile bytes (started by whenwhere itself)", Hidden: true, DisableFlagParsing: true,
		RunE: func(*cobra.Command, []string) error {
			return &codedError{exitUsage, errors.New("decode is started by whenwhere itself")}
		}}
}
