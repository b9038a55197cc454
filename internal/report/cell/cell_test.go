package cell_test

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/internal/report/cell"
)

func TestText(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"": "", "=1+1": "'=1+1", "+1": "'+1", "-1": "'-1", "@A": "'@A", "\tA": "'\tA", "\rA": "'\rA", "\nA": "'\nA", "\x00A": "'\x00A",
		"'A": "''A", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠1": "'＠1", "A=1": "A=1", "a-b": "a-b", " =1": " =1", "a; b": "a; b", "a, -5": "a, -5",
		"a;=1": "a;'=1", "a; =1": "a; '=1", "a\t=1": "a\t'=1", "a\r\n=1": "a\r\n'=1", `a;"=1`: `a;"'=1`, "a;'b": "a;''b", "\t=1": "'\t'=1", ";=1;+1": ";'=1;'+1"} {
		if got := cell.Text(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// hostile is text of what matters to spreadsheets, in any order.
func hostile() *rapid.Generator[string] {
	return rapid.StringOf(rapid.SampledFrom([]rune("a;,=+-@'\"\t\r\n \x00\u00a0＝＠")))
}

func TestOriginalGivesBackWhatItWas(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := hostile().Draw(t, "text")
		if got := cell.Original(cell.Text(s)); got != s {
			t.Fatalf("%q came back as %q by %q", s, got, cell.Text(s))
		}
	})
}

// The table is written with commas and cut anew at other separators, with quotes known and not known; no piece is a formula.
func TestNoSeparatorMakesAFormula(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var out strings.Builder
		w := csv.NewWriter(&out)
		if err := w.Write([]string{"AUT-01", cell.Text(hostile().Draw(t, "text")), "end"}); err != nil {
			t.Fatal(err)
		}
		w.Flush()
		for _, separators := range []string{";\r\n", "\t\r\n", ";\t\r\n"} {
			for _, piece := range strings.FieldsFunc(out.String(), func(r rune) bool { return strings.ContainsRune(separators, r) })[1:] {
				if text := strings.TrimLeft(piece, "\" \u00a0"); text != "" && strings.ContainsAny(text[:1], "=+-@") {
					t.Fatalf("%q cut at %q: %q", out.String(), separators, piece)
				}
			}
		}
	})
}
