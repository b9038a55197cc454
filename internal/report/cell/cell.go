// Package cell makes text safe to stand in a table that a spreadsheet will read.
//
// It promises that no text becomes a formula, whichever separator the spreadsheet takes the table to have: where a comma is the
// decimal sign, programs cut CSV at semicolons, do not know quotes in the middle of what they take for a cell, and would find a
// formula after any semicolon, tab or line break of a text. And it promises that Original gives back what the text was.
package cell

import (
	"regexp"
	"strings"
)

// What a spreadsheet takes for the beginning of a formula, full-width forms too, and ' itself, so that taking one away is safe.
const signs = `['=+\-@＝＋－＠\x00]`

var (
	first  = regexp.MustCompile(`^` + signs[:len(signs)-1] + `\t\r\n]`)
	inside = regexp.MustCompile(`([;\t\r\n][ "\x{a0}]*)(` + signs + `)`)
	undone = regexp.MustCompile(`([;\t\r\n][ "\x{a0}]*)'`)
)

// Text is s with ' before each sign of a formula that stands at the begin of it, or of what another separator would make a cell
// of its own. Numbers are not text: a negative longitude stays one.
func Text(s string) string {
	s = inside.ReplaceAllString(s, "${1}'${2}")
	if first.MatchString(s) {
		return "'" + s
	}
	return s
}

// Original is the text of which Text made s.
func Original(s string) string {
	return undone.ReplaceAllString(strings.TrimPrefix(s, "'"), "$1")
}
