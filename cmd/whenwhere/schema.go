package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"whenwhere/internal/clock"
	"whenwhere/internal/manifest"
	"whenwhere/pipeline/score"
)

func newSchema() *cobra.Command {
	return &cobra.Command{
		Use: "schema", Short: "Print the JSON Schema of an incident record",
		Long: "Print the JSON Schema (draft 2020-12) of one line of incidents.jsonl.\n\n" + exitHelp,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(manifest.Schema())
			return err
		},
	}
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the versions of the program, its stages and its rules",
		Long: "Print the versions of the program, its stages and its rules: what a verdict depends on besides\nits data.\n\n" + exitHelp,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			out := cmd.OutOrStdout()
			fmt.Fprintf(out, "whenwhere %s\n", programVersion())
			for _, e := range extractors(nil) {
				fmt.Fprintf(out, "extract  %-10s version %s  %s\n", e.Name, e.Version, e.Doc)
			}
			for _, a := range assessors(nil, nil, nil) {
				fmt.Fprintf(out, "assess   %-10s version %s  %s\n", a.Name, a.Version, a.Doc)
			}
			fmt.Fprintf(out, "rules    %s\nzones    %s\n", score.Default().Version, clock.ZoneDataVersion)
			return nil
		},
	}
}

// programVersion is the module's version, or the revision it was built from.
func programVersion() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "development build"
}
