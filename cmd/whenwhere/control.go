package main

import (
	"github.com/spf13/cobra"
)

func newControl() *cobra.Command {
	cmd := &cobra.Command{
		Use: "control", Short: "Keep dated control maps, and ask them",
		Long: `Keep dated maps of who held which ground, and ask them: at a place and a time, and what
changed from one time to another. The maps are files that you supply: DeepState's
daily and raw files, ISW layers, UA Control Map, NZZ, or GeoJSON of one's own.

Imported maps serve every case in the data folder, beside the maps that a case has in
its own folder control/. Each change of them has exactly those incidents judged again
that it touches, and says what became of them.

Maps are late, coarse and disagree. No answer here says more than "drawn so by".

` + exitHelp,
		Example: `  whenwhere control import maps/ --provider deepstate
  whenwhere control list
  whenwhere control at --lat 48.28 --lon 37.18 --time 2024-10-24T09:00:00Z
  whenwhere control diff --from 2024-10-01 --to 2024-10-31 --geojson diff.geojson`,
		Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newControlImport(), newControlList(), newControlAt(), newControlDiff(), newControlAccept(), newControlRemove())
	return cmd
}
