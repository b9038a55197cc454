// Package xmp reads the properties of an XMP packet that speak of time, place, camera and editing.
//
// It is a token reader, never an unmarshaller, within MaxBytes, MaxDepth and MaxNodes. Properties come out flat, under
// the canonical prefix of their namespace, whichever prefix the packet uses, and in both forms that RDF allows: as an
// attribute and as an element. Everything else in the packet, names of people above all, stays there.
package xmp

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"whenwhere/internal/decode/wire"
)

// Limits of one packet.
const (
	MaxBytes = 2 << 20
	MaxDepth = 64
	MaxNodes = 100_000 // elements and attributes together
	MaxTags  = 400
	maxText  = 1000
)

const rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

// Read returns the known properties of a packet in document order. A packet that breaks a limit gives none; one that
// breaks off gives those before the break.
func Read(packet []byte, where string) ([]wire.Tag, []wire.Note) {
	r := reader{where: where}
	packet = utf8Of(packet)
	if rule := refused(packet); rule != "" {
		r.note(rule)
		return nil, r.notes
	}
	r.read(packet)
	return r.tags, r.notes
}

// refused checks size and number of nodes before the parser sees them: encoding/xml holds all attributes of an
// element at once, 334 MB for a million of them.
func refused(packet []byte) string {
	if len(packet) > MaxBytes {
		return fmt.Sprintf("%d bytes exceed %d", len(packet), MaxBytes)
	}
	if nodes := countNodes(packet); nodes > MaxNodes {
		return fmt.Sprintf("%d elements and attributes exceed %d", nodes, MaxNodes)
	}
	return ""
}

// utf8Of converts UTF-16, which the specification allows, by the zero byte beside the first angle bracket. A packet
// beyond MaxBytes is left alone: it will be refused.
func utf8Of(packet []byte) []byte {
	head := bytes.TrimLeft(packet[:min(len(packet), 4)], "\xFE\xFF")
	var order binary.ByteOrder
	switch {
	case len(packet) > MaxBytes:
		return packet
	case bytes.HasPrefix(head, []byte("\x00<")):
		order = binary.BigEndian
	case bytes.HasPrefix(head, []byte("<\x00")):
		order = binary.LittleEndian
	default:
		return packet
	}
	units := make([]uint16, len(packet)/2)
	for i := range units {
		units[i] = order.Uint16(packet[2*i:])
	}
	return []byte(string(utf16.Decode(units)))
}

// countNodes counts tag openings and equal signs before a quote: never fewer than the parser will find.
func countNodes(packet []byte) int {
	nodes := 0
	for i, c := range packet {
		switch c {
		case '<':
			if i+1 < len(packet) && packet[i+1] != '/' {
				nodes++
			}
		case '=':
			rest := bytes.TrimLeft(packet[i+1:min(i+64, len(packet))], " \t\r\n")
			if len(rest) == 0 || rest[0] == '"' || rest[0] == '\'' {
				nodes++
			}
		}
	}
	return nodes
}

// frame is one open element.
type frame struct {
	name  xml.Name
	path  string // of the property it belongs to, "" outside of properties
	list  int    // items met so far, when it is a list
	text  strings.Builder
	child bool
}

type reader struct {
	where string
	tags  []wire.Tag
	notes []wire.Note
	stack []*frame
	ended bool // an outermost element was closed
}

func (r *reader) note(rule string) {
	r.notes = append(r.notes, wire.Note{Where: r.where, Rule: rule})
}

func (r *reader) read(packet []byte) {
	d := xml.NewDecoder(bytes.NewReader(bytes.Trim(packet, "\x00")))
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // utf8Of has seen to it
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) || (err != nil && r.ended && len(r.stack) == 0) {
			return // what follows the packet's one element is padding
		}
		if err != nil {
			r.note(fmt.Sprintf("not well-formed after %d bytes: %v", d.InputOffset(), err))
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			if len(r.stack) >= MaxDepth {
				r.note(fmt.Sprintf("depth exceeds %d", MaxDepth))
				return
			}
			r.open(t)
		case xml.CharData:
			r.chars(t)
		case xml.EndElement:
			r.close()
		}
		if len(r.tags) > MaxTags {
			r.tags = r.tags[:MaxTags]
			r.note(fmt.Sprintf("more than %d known properties", MaxTags))
			return
		}
	}
}

// open pushes an element and reads its attributes, which are properties unless they belong to the syntax.
func (r *reader) open(e xml.StartElement) {
	f := &frame{name: e.Name}
	if len(r.stack) > 0 {
		parent := r.stack[len(r.stack)-1]
		parent.child = true
		f.path = childPath(parent, e.Name)
	}
	r.stack = append(r.stack, f)
	for _, a := range e.Attr {
		if a.Name.Space == rdf && a.Name.Local == "resource" {
			r.add(f.path, a.Value)
		} else if name, ok := known(a.Name); ok && f.inRDF(len(r.stack)) {
			r.add(join(f.path, name), a.Value)
		}
	}
}

// inRDF reports whether attributes of the element can be properties: descriptions, structs and list items.
func (f *frame) inRDF(depth int) bool { return depth > 1 || f.name.Space == rdf }

// childPath names the property that an element is, below the one it stands in: lists add their index, as in
// xmpMM:History[1]/stEvt:when, and the rest of the syntax adds nothing.
func childPath(parent *frame, name xml.Name) string {
	if name.Space == rdf {
		if name.Local == "li" {
			parent.list++
			if parent.path == "" {
				return ""
			}
			return fmt.Sprintf("%s[%d]", parent.path, parent.list)
		}
		return parent.path
	}
	if known, ok := known(name); ok {
		return join(parent.path, known)
	}
	if parent.path == "" && parent.name.Space != rdf {
		return "" // the wrapper round rdf:RDF
	}
	return join(parent.path, "?") // an unknown property: nothing below it is exported
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "/" + name
}

// chars gathers text, enough for one value.
func (r *reader) chars(t xml.CharData) {
	if len(r.stack) == 0 {
		return
	}
	f := r.stack[len(r.stack)-1]
	if f.path != "" && f.text.Len() <= maxText {
		f.text.Write(t[:min(len(t), maxText+1)])
	}
}

// close pops an element; one without children is a value.
func (r *reader) close() {
	f := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	r.ended = true
	if text := strings.TrimSpace(f.text.String()); !f.child && text != "" {
		r.add(f.path, text)
	}
}

// add exports a value when its path is one that matters.
func (r *reader) add(path, text string) {
	if path == "" || strings.Contains(path, "?") {
		return
	}
	name, ok := exported(path)
	if !ok {
		return
	}
	if len(text) > maxText {
		text = strings.ToValidUTF8(text[:maxText], string(utf8.RuneError))
		r.note(fmt.Sprintf("%s cut at %d bytes", name, maxText))
	}
	r.tags = append(r.tags, wire.Tag{Reader: "xmp", Dir: "XMP", Name: name, Text: &text})
}
