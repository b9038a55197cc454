package main

import (
	"bytes"
	"fmt"
)

const readmeHead = `# Fixtures

**Everything in this folder is invented.** No event, person, unit, account, post, testimony or photo in it is real. The
pictures are drawn by a program. The places are points at a chosen distance from a line that follows dice and no map,
whatever may really stand there, and addresses lead to example domains or to accounts and channels called example. Any likeness to a real event is
an accident. Nobody is depicted.

    go run ./scripts/genfixtures          writes this folder again, the same bytes
    go run ./scripts/genfixtures -check   says whether it is what the program writes

What is physical: the sun. Exposures, drawn shadows and shadow marks follow its position at the invented place and time,
so that a check of them has something to find.

## autumn

A case of %d incidents with %d alleged victims in all, from %s to %s.

- ` + "`incidents.jsonl`" + `: one record a line, see package internal/manifest.
- ` + "`media/`" + `: one folder for each incident. Photos of 640 x 480 pixels with the EXIF block that such a phone
  writes, or none; clips are QuickTime movies of JPEG frames.
- ` + "`control/`" + `: maps of two invented providers, one every nine days with contested ground, one every fourteen
  days that lags two days behind and draws its line a little further east.
- ` + "`known/`" + `: footage that was seen before, with ` + "`known.csv`" + `.

| incident | day (UTC) | victims | what was invented | what it is to teach |
|---|---|---|---|---|
`

const readmeTail = `
Of the known footage, field_2023.jpg belongs to no incident.

AUT-19 holds a file that cannot be decoded, so a run over this case is never without a failed stage.
`

func readme(all []*story) []byte {
	killed := 0
	for _, s := range all {
		killed += s.Claim.Casualties.Max
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, readmeHead, len(all), killed, all[0].day(), all[len(all)-1].day())
	for _, s := range all {
		fmt.Fprintf(&b, "| %s | %s | %d | %s | %s |\n", s.ID, s.day(), s.Claim.Casualties.Max, s.truth, s.lesson)
	}
	b.WriteString(readmeTail)
	return b.Bytes()
}
