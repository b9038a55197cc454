package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"whenwhere/pipeline"
)

// words are what follows a verb. The first fault is kept, and what is read after it is zero.
type words struct {
	rest  []string
	fault error
}

// next is the next word.
func (w *words) next() string {
	if len(w.rest) == 0 {
		w.refuse(errors.New("a word is missing"))
		return ""
	}
	one := w.rest[0]
	w.rest = w.rest[1:]
	return one
}

func (w *words) refuse(fault error) {
	if w.fault == nil {
		w.fault = fault
	}
}

// end is the first fault, or what was left unread.
func (w *words) end() error {
	if len(w.rest) > 0 {
		w.refuse(fmt.Errorf("%q is too much", strings.Join(w.rest, " ")))
	}
	return w.fault
}

// text is all that is left.
func (w *words) text() string {
	all := strings.Join(w.rest, " ")
	w.rest = nil
	return all
}

func (w *words) number() float64 {
	v, err := strconv.ParseFloat(w.next(), 64)
	w.check(err)
	return v
}

func (w *words) whole() int {
	v, err := strconv.Atoi(w.next())
	w.check(err)
	return v
}

// numbers are all that is left.
func (w *words) numbers() []float64 {
	var all []float64
	for len(w.rest) > 0 {
		all = append(all, w.number())
	}
	return all
}

func (w *words) moment() time.Time {
	t, err := time.Parse(time.RFC3339, w.next())
	w.check(err)
	return t.UTC()
}

func (w *words) day() time.Time {
	t, err := time.Parse(time.DateOnly, w.next())
	w.check(err)
	return t
}

// wall sets what a clock on the wall shows, by name=TIME when that is next.
func (w *words) wall(name string, t *time.Time) {
	text, ok := w.option(name)
	if !ok {
		return
	}
	at, err := time.Parse(time.RFC3339, text)
	w.check(err)
	*t = at
}

func (w *words) span() pipeline.Span { return pipeline.Span{From: w.moment(), To: w.moment()} }

func (w *words) side() pipeline.Side { return pipeline.Side(w.next()) }

// grade is - where there is none.
func (w *words) grade() pipeline.Grade {
	if g := w.next(); g != "-" {
		return pipeline.Grade(g)
	}
	return ""
}

func (w *words) check(err error) {
	if err != nil {
		w.refuse(err)
	}
}

// one is the value of a name.
func one[V any](w *words, of map[string]V) V {
	name := w.next()
	v, ok := of[name]
	if !ok {
		w.refuse(fmt.Errorf("%q is none of %s", name, strings.Join(sortedKeys(of), ", ")))
	}
	return v
}

// flag reports whether the name is the next word, and takes it.
func (w *words) flag(name string) bool {
	if len(w.rest) == 0 || w.rest[0] != name {
		return false
	}
	w.rest = w.rest[1:]
	return true
}

// option is the value of name=value when that is next. Its underscores are blanks.
func (w *words) option(name string) (value string, ok bool) {
	if len(w.rest) == 0 || !strings.HasPrefix(w.rest[0], name+"=") {
		return "", false
	}
	return strings.ReplaceAll(w.next()[len(name)+1:], "_", " "), true
}
