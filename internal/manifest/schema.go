package manifest

import (
	_ "embed"
	"slices"
)

//go:embed incident.schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of an incident record. What it refuses Read refuses too; Read also
// refuses what a schema cannot say: times in the wrong order, marks on files that are not listed, ids given twice.
func Schema() []byte { return slices.Clone(schema) }
