package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"whenwhere/internal/queue"
	"whenwhere/internal/store"
	"whenwhere/pipeline"
)

func newControlAccept() *cobra.Command {
	return newMapChange("accept", "accepted", "Use maps that waited for a person", `Use imported maps that waited because the area fell by more than 20 %. Look at them
first: a map with half of its ground lost says that places were free which were not.
ID is as import and list print it; the incidents that the maps touch are judged again.`, (*store.Tx).AcceptControlMap)
}

func newControlRemove() *cobra.Command {
	return newMapChange("remove", "removed", "Take imported maps out", `Take imported control maps out. ID is as list --editions prints it: the provider, @ and
the moment that the map describes. The bytes stay in the data folder; the incidents
that the maps touch are judged again without them.`, (*store.Tx).RemoveControlMap)
}

func newMapChange(name, done, short, long string, change mapChange) *cobra.Command {
	var o archiveOptions
	cmd := &cobra.Command{
		Use: name + " ID...", Short: short, Long: long + "\n\n" + exitHelp,
		Example: "  whenwhere control " + name + " deepstate@2024-10-24T03:00:00Z",
		Args:    usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return changeMaps(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), o, args, done, change)
		},
	}
	o.add(cmd)
	return cmd
}

// mapChange changes one row.
type mapChange func(*store.Tx, context.Context, string, time.Time) error

func changeMaps(ctx context.Context, out, errs io.Writer, o archiveOptions, names []string, done string, change mapChange) error {
	return changeArchive(ctx, errs, o, func(j *job) (said int, err error) {
		changed := 0
		for _, name := range names {
			all, err := j.maps.library.maps(ctx)
			if err != nil {
				return said, err
			}
			m, err := mapNamed(all, name)
			if err != nil {
				said += sayAll(errs, []error{err})
				continue
			}
			if err := j.data.store.Update(ctx, func(tx *store.Tx) error { return change(tx, ctx, m.Provider, m.AsOf) }); err != nil {
				return said, err
			}
			changed++
		}
		fmt.Fprintf(out, "%s %s\n", pipeline.Counted(changed, "map"), done)
		_, changes, err := j.run(ctx, queue.Batch{})
		sayChanges(out, changes)
		return said, err
	})
}
