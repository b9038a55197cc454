package pipeline

import (
	"fmt"
	"regexp"
)

// personal is what a pseudonym does not look like: an account or an e-mail address; nine digits in a row, or that many behind
// a zero, or anything behind a plus: a telephone number. A date and a number are fewer.
var personal = regexp.MustCompile(`@|^\+|[0-9]{9}|^0([^0-9]*[0-9]){8}`)

// checkPseudonym judges what stands for a person. What it refuses may be the person's name: it is not repeated.
func checkPseudonym(id string) error {
	switch {
	case personal.MatchString(id):
		return fmt.Errorf("it looks like an account, an e-mail address or a telephone number, which is not repeated here: give a pseudonym such as W-17")
	case id != "" && len(id) <= MaxIDBytes && checkID(id) != nil:
		return fmt.Errorf("it holds a space, a control character or invalid UTF-8; as it may be a name it is not repeated here: give a pseudonym such as W-17")
	}
	return checkID(id)
}
