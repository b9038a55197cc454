// Package bundle puts together what leaves the house of one incident with everything that proves it unaltered: originals,
// record, verdict, decisions, what was measured, the rules, the digests of the data sets, and the log's leaves of all that
// with proofs under a signed checkpoint. The format is package audit's, and so is the check.
//
// A bundle is internal: it has the record as it came in, with exact coordinates, accounts and pseudonyms. Its files are
// named by hashes, or by what a bundle has once.
package bundle

import (
	"context"
	"crypto/sha256"
	_ "embed" // the text for whoever opens a bundle
	"encoding/hex"
	"fmt"
	"io"

	"whenwhere/internal/audit"
	"whenwhere/internal/blob"
	"whenwhere/internal/store"
)

//go:embed README.txt
var readme []byte

// Source is where the incident lies.
type Source struct {
	Store *store.Store
	Blobs *blob.Store
	Sign  func(context.Context) (audit.Signed, audit.PublicKey, error) // signs the log as it is
}

// Request says what to export.
type Request struct {
	Incident string
	By       string             // pseudonym of the person who exports; empty when nobody says
	Version  string             // of the program
	Maps     []store.ControlMap // imported maps that the verdict can rest on
	Rules    []byte             // the table of rules of the verdict, JSON; nil when there is no verdict
	Data     []byte             // versions and digests of the data sets, JSON
}

// Bundle is ready to be written.
type Bundle struct {
	manifest []byte
	parts    []audit.Part
	log      audit.Evidence
}

// Write writes the archive. The same bundle gives the same bytes.
func (b *Bundle) Write(out io.Writer) error {
	return audit.WriteBundle(out, b.manifest, b.parts, b.log)
}

// Leaves is how many leaves the bundle has.
func (b *Bundle) Leaves() int { return len(b.log.Leaves) }

// Originals is how many originals the bundle has.
func (b *Bundle) Originals() (n int) {
	for _, p := range b.parts {
		if p.Open != nil {
			n++
		}
	}
	return n
}

// Make gathers a bundle, logs the export, and signs the log. Originals are checked first: a damaged or missing one is an
// error (*blob.DamagedError, fs.ErrNotExist), and nothing is logged then. store.ErrNotFound when there is no such incident.
func Make(ctx context.Context, src Source, r Request) (*Bundle, error) {
	events, err := src.Store.EventsOf(ctx, r.Incident, r.Maps)
	if err != nil {
		return nil, err
	}
	g := gatherer{src: src, request: r, met: map[string]audit.Digest{}}
	if err := g.gather(ctx, events); err != nil {
		return nil, err
	}
	stored, err := src.Store.Checkpoints(ctx)
	if err != nil {
		return nil, err
	}
	stamp, stamped := audit.StampParts(stored)
	g.parts = append(g.parts, stamp...)
	b := &Bundle{parts: g.parts}
	if b.manifest, err = g.manifest.Complete(g.parts); err != nil {
		return nil, err
	}
	if err := g.logExport(ctx, b.manifest); err != nil {
		return nil, err
	}
	b.log, err = g.evidence(ctx, stamped)
	return b, err
}

type gatherer struct {
	src      Source
	request  Request
	manifest audit.Manifest
	parts    []audit.Part
	met      map[string]audit.Digest // subjects, by name
}

func (g *gatherer) gather(ctx context.Context, events []store.Event) error {
	g.manifest = audit.Manifest{Audience: "internal", Incident: g.request.Incident, Subjects: []audit.Subject{}, Items: []audit.Stated{}}
	for _, e := range events {
		if err := g.event(ctx, e); err != nil {
			return err
		}
	}
	g.add(audit.ReadmeFile, readme)
	if g.request.Rules != nil {
		g.add("rules.json", g.request.Rules)
	}
	g.add("data.json", g.request.Data)
	return nil
}

func (g *gatherer) add(name string, data []byte) {
	g.parts = append(g.parts, audit.Part{Name: name, Data: data})
}

// event adds the bytes that the log has the digest of, the subject, and of a file its original.
func (g *gatherer) event(ctx context.Context, e store.Event) error {
	subject, digest, err := g.src.Store.Subject(ctx, e)
	if err != nil {
		return err
	}
	if _, met := g.met[subject.Name]; !met {
		g.met[subject.Name] = digest
		g.manifest.Subjects = append(g.manifest.Subjects, subject)
	}
	name := fileOf(e)
	g.add(name, e.Result)
	g.manifest.Items = append(g.manifest.Items, audit.Stated{File: name, Kind: e.Kind, Subject: subject.Name, Params: string(e.Params)})
	if e.Kind == audit.KindFile {
		return g.original(ctx, e)
	}
	return nil
}

// fileOf names the file of an item: what a bundle has once by its kind, the others by a hash.
func fileOf(e store.Event) string {
	switch e.Kind {
	case audit.KindRecord, audit.KindVerdict:
		return string(e.Kind) + ".json"
	default:
		h := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%s\n%s", e.Kind, e.Media, e.Incident, e.Params))
		return audit.ItemFile(e.Kind, hex.EncodeToString(h[:]))
	}
}

func (g *gatherer) original(ctx context.Context, e store.Event) error {
	if err := g.src.Blobs.Verify(ctx, e.Media); err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	open := func() (io.ReadCloser, error) { return g.src.Blobs.Open(ctx, e.Media) }
	g.parts = append(g.parts, audit.OriginalPart(audit.Digest(e.Media), *e.Size, open))
	return nil
}

func (g *gatherer) logExport(ctx context.Context, manifest []byte) error {
	return g.src.Store.Update(ctx, func(tx *store.Tx) error {
		return tx.Log(ctx, store.Event{Action: audit.Exported, Kind: audit.KindExport, Incident: g.request.Incident, By: g.request.By,
			Params: []byte(audit.BundleAction), Tool: "bundle", Version: g.request.Version, Result: manifest})
	})
}

// evidence signs the log, which has the export now, and proves all leaves of the subjects.
func (g *gatherer) evidence(ctx context.Context, stamped int64) (audit.Evidence, error) {
	signed, key, err := g.src.Sign(ctx)
	if err != nil {
		return audit.Evidence{}, err
	}
	var leaves []audit.Row
	for _, s := range g.manifest.Subjects {
		rows, err := g.src.Store.LeavesOf(ctx, g.met[s.Name])
		if err != nil {
			return audit.Evidence{}, err
		}
		leaves = append(leaves, rows...)
	}
	return audit.Prove(ctx, g.src.Store, signed, key, leaves, stamped)
}
