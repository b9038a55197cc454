package hashlist_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"whenwhere/internal/hashlist"
	"whenwhere/internal/pdq"
)

const header = hashlist.Magic + "\npdq,quality,at_ms,view,sha256,first_seen,event\n"

var (
	one = strings.Repeat("0123456789abcdef", 4)
	two = strings.Repeat("fedcba9876543210", 4)
)

func written(t *rapid.T, all []hashlist.Footage) []byte {
	var out bytes.Buffer
	err := hashlist.Write(&out, func(yield func(hashlist.Footage, error) bool) {
		for _, f := range all {
			if !yield(f, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func footages(t *rapid.T) []hashlist.Footage {
	var out []hashlist.Footage
	line := 3
	for i := range rapid.IntRange(0, 5).Draw(t, "files") {
		f := hashlist.Footage{SHA256: [32]byte{byte(i) + 1}, Line: line,
			Event: rapid.StringMatching(`[a-z", äж]{0,20}`).Draw(t, "event")}
		if rapid.Bool().Draw(t, "dated") {
			at := time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(t, "us")).UTC()
			f.FirstSeen = &at
		}
		for range rapid.IntRange(1, 4).Draw(t, "prints") {
			p := hashlist.Print{Quality: rapid.IntRange(0, 100).Draw(t, "quality"), View: rapid.SampledFrom([]string{"upright", "as_stored", "trimmed", "window"}).Draw(t, "view")}
			copy(p.PDQ[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "pdq"))
			if rapid.Bool().Draw(t, "frame") {
				ms := rapid.Int64Range(0, 1e8).Draw(t, "ms")
				p.AtMs = &ms
			}
			f.Prints = append(f.Prints, p)
			line++
		}
		out = append(out, f)
	}
	return out
}

func TestWhatIsWrittenReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := footages(t)
		text := written(t, want)
		got, problems, err := hashlist.Read(bytes.NewReader(text))
		if diff := cmp.Diff(want, got); diff != "" || len(problems) > 0 || err != nil {
			t.Fatalf("%v %v %s\n%s", problems, err, diff, text)
		}
	})
}

// The cells are those that the standard library reads, where both read any.
func TestCellsAgainstTheStandardLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		event := rapid.StringMatching(`["',a ]{0,12}`).Draw(t, "cell")
		line := strings.Join([]string{one, "80", "", "", two, "", event}, ",")
		got, problems, _ := hashlist.Read(strings.NewReader(header + line + "\n"))
		std, err := csv.NewReader(strings.NewReader(line + "\n")).Read()
		if (err == nil && len(std) == 7) != (len(problems) == 0) {
			t.Fatalf("%q: %v against %v", event, problems, err)
		}
		if err == nil && len(std) == 7 && got[0].Event != std[6] {
			t.Fatalf("%q: %q, want %q", event, got[0].Event, std[6])
		}
	})
}

func TestFaults(t *testing.T) {
	t.Parallel()
	good := one + ",80,,upright," + two + ",2024-11-03,parade\n"
	for name, c := range map[string]struct{ text, fault string }{
		"empty":             {"", "line 1: missing: a list begins with"},
		"other format":      {"hash\n" + one, `line 1: "hash" is not the first line of a list`},
		"later version":     {strings.Replace(header, "version 1", "version 2", 1) + good, "line 1: "},
		"no header":         {hashlist.Magic + "\n", "line 2: missing"},
		"unknown column":    {hashlist.Magic + "\npdq,quality,sha256,gps\n", `line 2: unknown column "gps"`},
		"column twice":      {hashlist.Magic + "\npdq,quality,sha256,pdq\n", "line 2: pdq: the column is given twice"},
		"column missing":    {hashlist.Magic + "\npdq,sha256\n", "line 2: quality: missing"},
		"odd length":        {header + one[1:] + ",80,,," + two + ",,\n", "line 3: pdq: pdq: 63 hex digits, want 64"},
		"longer":            {header + one + "0,80,,," + two + ",,\n", "line 3: pdq: pdq: 65 hex digits, want 64"},
		"no hex":            {header + "x" + one[1:] + ",80,,," + two + ",,\n", "line 3: pdq: pdq: encoding/hex: invalid byte"},
		"digest odd":        {header + one + ",80,,," + two[2:] + ",,\n", "line 3: sha256: 62 hex digits, want 64"},
		"digest of zeros":   {header + one + ",80,,," + strings.Repeat("0", 64) + ",,\n", "line 3: sha256: all digits are zero"},
		"quality":           {header + one + ",101,,," + two + ",,\n", `line 3: quality: "101" is not a whole number from 0 to 100`},
		"time":              {header + one + ",80,-1,," + two + ",,\n", `line 3: at_ms: "-1" is not`},
		"view":              {header + one + ",80,,mirrored," + two + ",,\n", `line 3: view: "mirrored" is none of upright`},
		"first seen":        {header + one + ",80,,," + two + ",yesterday,\n", `line 3: first_seen: "yesterday" is neither`},
		"cells":             {header + one + ",80\n", "line 3: 2 cells, want 7"},
		"quoting":           {header + one + ",80,,," + two + ",,\"open\n", "line 3: a quotation mark is not closed"},
		"event too long":    {header + one + ",80,,," + two + ",," + strings.Repeat("x", 4097) + "\n", "line 3: event: 4097 bytes exceed the limit of 4096"},
		"event not text":    {header + one + ",80,,," + two + ",,\xff\n", "line 3: event: not UTF-8"},
		"another date":      {header + good + one + ",80,,," + two + ",2024-11-04,parade\n", "line 4: first_seen: line 3 says otherwise"},
		"another event":     {header + good + one + ",80,,," + two + ",2024-11-03,drill\n", "line 4: event: line 3 says otherwise"},
		"line without end":  {header + strings.Repeat("0", 70_000), "line 3: is longer than 65536 bytes"},
		"and the good ones": {header + "rubbish\n" + good, "line 3: 1 cells"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, problems, err := hashlist.Read(strings.NewReader(c.text))
			if err != nil || len(problems) != 1 || !strings.HasPrefix(problems[0].Error(), c.fault) {
				t.Errorf("%v %v; want %s", problems, err, c.fault)
			}
			if want := min(1, strings.Count(c.text, good)); name != "later version" && len(got) != want {
				t.Errorf("%d files, want %d", len(got), want)
			}
		})
	}
}

func TestWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	got, problems, err := hashlist.Read(strings.NewReader("\ufeff" + hashlist.Magic + "\r\nsha256,pdq,quality\r\n\r\n" + two + "," + strings.ToUpper(one) + ",50\r\n"))
	if err != nil || len(problems) > 0 || len(got) != 1 {
		t.Fatal(got, problems, err)
	}
	hash, err := pdq.ParseHex(one)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]hashlist.Print{{PDQ: hash, Quality: 50, View: "upright"}}, got[0].Prints); diff != "" {
		t.Error(diff)
	}
	if got[0].FirstSeen != nil || got[0].Event != "" || got[0].Line != 4 {
		t.Errorf("%+v", got[0])
	}
	day, _, _ := hashlist.Read(strings.NewReader(header + one + ",80,,," + two + ",2024-11-03,\n"))
	if want := time.Date(2024, 11, 4, 0, 0, 0, 0, time.UTC); !day[0].FirstSeen.Equal(want) {
		t.Errorf("a day ends %v, want %v", day[0].FirstSeen, want)
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{header, header + one + ",80,5,trimmed," + two + ",2024-11-03T09:02:11Z,\"a \"\"b\"\"\"\n", "", hashlist.Magic} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, problems, err := hashlist.Read(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range problems {
			if p.Line < 0 || p.Err == nil {
				t.Fatalf("%+v", p)
			}
		}
		for _, f := range got {
			if len(f.Prints) == 0 || f.SHA256 == [32]byte{} {
				t.Fatalf("%+v", f)
			}
		}
		slices.Reverse(got) // any order is as good
	})
}
