package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"whenwhere/internal/report"
	"whenwhere/internal/rulesheet"
	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

func newRules() *cobra.Command {
	var o rulesOptions
	cmd := &cobra.Command{
		Use: "rules", Short: "Print what evidence weighs, why, and where each number comes from",
		Long: `Print the table of rules that verdicts are made with: for each question what an answer
for and against weighs in bans, how that was obtained (measured on named data, derived
from a stated error model, or judged by people), and from which source.

With --json the table is printed as a file that whenwhere verify --rules reads: change
it, give it a version of its own, and look at it with --check. A verdict names the
rules that made it; a table that is not built in is named with its SHA-256.

No weight may exceed 4 bans, a judged one 1 ban. Earlier tables stay built in, so that
an old verdict can be made again. A file with a fault is refused whole, every fault
named, with exit code 4.

` + exitHelp,
		Example: `  whenwhere rules
  whenwhere rules --version 2026.3
  whenwhere rules --json > desk.json
  whenwhere rules --check desk.json`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := filled(cmd, "version", "check"); err != nil {
				return err
			}
			if o.version != "" && o.check != "" {
				return &codedError{exitUsage, errors.New("rules: --version and --check exclude each other")}
			}
			return printRules(cmd.OutOrStdout(), o)
		},
	}
	cmd.Flags().StringVar(&o.version, "version", "", "an earlier table: "+strings.Join(score.Versions(), ", "))
	cmd.Flags().StringVar(&o.check, "check", "", "`FILE` of rules to check and to compare with the built-in ones")
	cmd.Flags().BoolVar(&o.asJSON, "json", false, "the table, or what the check found, as JSON")
	return cmd
}

type rulesOptions struct {
	version, check string
	asJSON         bool
}

func printRules(out io.Writer, o rulesOptions) error {
	if o.check != "" {
		return checkRules(out, o)
	}
	r := score.Default()
	if o.version != "" {
		var ok bool
		if r, ok = score.Version(o.version); !ok {
			return badOption("version", o.version, "one of "+strings.Join(score.Versions(), ", "))
		}
	}
	if o.asJSON {
		return writeJSON(out, r)
	}
	return rulesheet.Write(out, r)
}

func checkRules(out io.Writer, o rulesOptions) error {
	r, err := rulesIn(o.check)
	if err != nil {
		return err
	}
	found, err := rulesheet.Check(r, questions())
	if err != nil {
		return err
	}
	if o.asJSON {
		return writeJSON(out, found)
	}
	return found.Write(out)
}

// addRules adds the option that rulesOf reads.
func addRules(cmd *cobra.Command, arg *string) {
	cmd.Flags().StringVar(arg, "rules", "", "judge by this `FILE` of rules, or by the built-in table of an earlier version (see whenwhere rules)")
}

// rulesOf reads what --rules names: nothing is the table of this release.
func rulesOf(arg string) (score.Rules, error) {
	if arg == "" {
		return score.Default(), nil
	}
	if slices.Contains(score.Versions(), arg) {
		r, _ := score.Version(arg)
		return r, nil
	}
	r, err := rulesIn(arg)
	if errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("rules: %q is neither a file nor one of the built-in tables %s", arg, strings.Join(score.Versions(), ", "))
	}
	return r, err
}

// rulesIn reads a file of rules for the questions of this program. What is wrong with its content is damage, exit code 4.
func rulesIn(file string) (score.Rules, error) {
	data, err := readRegular(file, score.MaxRulesBytes)
	if err != nil {
		return score.Rules{}, fmt.Errorf("rules: %w", err)
	}
	r, err := score.Load(data)
	if err := errors.Join(err, r.Asks(questions())); err != nil {
		return score.Rules{}, &codedError{exitDamage, fmt.Errorf("%s: %w", file, err)}
	}
	return r, nil
}

// sayRules says which rules judge when they are not those of this release, and what they leave out.
func sayRules(errs io.Writer, r score.Rules) {
	if name := r.Name(); name != score.Default().Version {
		fmt.Fprintln(errs, report.Plain("judged by rules "+name))
	}
	if lacks := r.Lacks(questions()); len(lacks) > 0 {
		fmt.Fprintln(errs, report.Plain(fmt.Sprintf("they have no weight for %d of %d questions, which are left out: %s", len(lacks), len(questions()), questionList(lacks))))
	}
}

func questionList(ids []pipeline.QuestionID) string {
	var out []string
	for _, id := range ids {
		out = append(out, string(id))
	}
	return strings.Join(out, ", ")
}

// questions is all that the assessors ask.
func questions() []pipeline.Question { return pipeline.Questions(assessors(nil, nil, nil)) }
