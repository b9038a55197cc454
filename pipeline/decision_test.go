package pipeline_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"whenwhere/pipeline"
)

// decided writes a history in short: "a+1 b-2" is a verified verdict 1, then b contradicted verdict 2; ? is unresolved.
func decided(text string) (history []pipeline.Decision) {
	as := map[byte]pipeline.Ruling{'+': pipeline.RulingVerified, '-': pipeline.RulingContradicted, '?': pipeline.RulingUnresolved}
	for i, word := range strings.Fields(text) {
		history = append(history, pipeline.Decision{Seq: i + 1, By: word[:1], As: as[word[1]], On: pipeline.VerdictDigest{word[2]}})
	}
	return history
}

func TestReviewState(t *testing.T) {
	t.Parallel()
	for history, want := range map[string]pipeline.ReviewState{
		"":                pipeline.ReviewNone,
		"a+1":             pipeline.ReviewOutdated,
		"a+1 b+1":         pipeline.ReviewOutdated, // both on the older verdict
		"a+2":             pipeline.ReviewVerified,
		"a+1 b+2":         pipeline.ReviewVerified, // a's is on the older verdict
		"a+2 a+2":         pipeline.ReviewVerified, // one person twice
		"a+2 b+2":         pipeline.ReviewApproved,
		"a+2 b+2 c+2":     pipeline.ReviewApproved,
		"a-2 b+2 a+2":     pipeline.ReviewApproved, // a thought again
		"a+2 b+2 a?2":     pipeline.ReviewDisputed,
		"a+2 b+2 c-2":     pipeline.ReviewDisputed,
		"c-1 a+2 b+2":     pipeline.ReviewApproved, // c spoke of another verdict
		"a-2":             pipeline.ReviewContradicted,
		"a-2 b-2":         pipeline.ReviewContradicted,
		"a?2 b?2":         pipeline.ReviewUnresolved,
		"a?2 b-2":         pipeline.ReviewDisputed,
		"a+2 b+2 b+1 a+2": pipeline.ReviewVerified, // b's latest is on another verdict than the newest
	} {
		r := pipeline.Review{Newest: pipeline.VerdictDigest{'2'}, History: decided(history)}
		if got := r.State(); got != want {
			t.Errorf("%q: %s, want %s", history, got, want)
		}
		if got := r.Approved(); got != (want == pipeline.ReviewApproved) {
			t.Errorf("%q: approved %v", history, got)
		}
		if got := r.Wanting(); (got == "") != r.Approved() {
			t.Errorf("%q: approved %v and wanting %q", history, r.Approved(), got)
		}
	}
}

func TestWanting(t *testing.T) {
	t.Parallel()
	for history, want := range map[string]string{
		"":                "nobody has decided",
		"a+1":             "every decision is on an older verdict",
		"a+2":             "one person verified it; publication needs 2",
		"a-2 b-2":         "people hold it contradicted",
		"a+2 b+2 c-2 d?2": "people differ: 2 verified, 1 contradicted, 1 unresolved",
	} {
		if got := (pipeline.Review{Newest: pipeline.VerdictDigest{'2'}, History: decided(history)}).Wanting(); got != want {
			t.Errorf("%q: %q, want %q", history, got, want)
		}
	}
}

// Nothing is approved unless two different people say so on the newest verdict, whatever else was decided.
func TestApprovalNeedsTwoPeople(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-c][-+?][12]`), 0, 8).Draw(t, "history")
		r := pipeline.Review{Newest: pipeline.VerdictDigest{'2'}, History: decided(strings.Join(words, " "))}
		last := map[byte]string{}
		for _, w := range words {
			last[w[0]] = w[1:]
		}
		yes, no := 0, 0
		for _, w := range last {
			switch {
			case w == "+2":
				yes++
			case w[1] == '2':
				no++
			}
		}
		if got, want := r.Approved(), yes >= 2 && no == 0; got != want {
			t.Fatalf("%v: approved %v, want %v", words, got, want)
		}
	})
}

func TestCheckPerson(t *testing.T) {
	t.Parallel()
	for by, want := range map[string]string{
		"analyst-2": "", "k.l_m": "", "x123456": "",
		"":                        "missing",
		"someone@example.org":     "e-mail",
		"@channel":                "e-mail",
		"+380501234567":           "telephone",
		"tel-050-123-45-67":       "telephone",
		"x1234567":                "telephone",
		"Analyst-2":               "small letters",
		"2analyst":                "small letters",
		"first last":              "small letters",
		"аналітик":                "small letters",
		strings.Repeat("a", 41):   "limit of 40",
		"a\nb":                    "small letters",
		strings.Repeat("ab", 200): "limit of 40",
	} {
		err := pipeline.CheckPerson(by)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", by, err, want)
		}
	}
}

func TestCheckReasonAndRuling(t *testing.T) {
	t.Parallel()
	for reason, ok := range map[string]bool{"the chimney matches": true, "": false, " \n": false,
		strings.Repeat("a", pipeline.MaxReasonBytes): true, strings.Repeat("a", pipeline.MaxReasonBytes+1): false} {
		if err := pipeline.CheckReason(reason); (err == nil) != ok {
			t.Errorf("%.10q: %v", reason, err)
		}
	}
	for as, ok := range map[pipeline.Ruling]bool{"verified": true, "contradicted": true, "unresolved": true, "": false, "credible": false} {
		if err := as.Check(); (err == nil) != ok {
			t.Errorf("%q: %v", as, err)
		}
	}
}

func TestVerdictDigestAsText(t *testing.T) {
	t.Parallel()
	d := pipeline.VerdictDigest{1, 31: 0xfe}
	text, err := json.Marshal(d)
	var back pipeline.VerdictDigest
	if err != nil || json.Unmarshal(text, &back) != nil || back != d {
		t.Errorf("%s, %v, %v", text, back, err)
	}
	for _, bad := range []string{`""`, `"01"`, `"` + strings.Repeat("zz", 32) + `"`} {
		if err := json.Unmarshal([]byte(bad), &back); err == nil {
			t.Errorf("%s: no error", bad)
		}
	}
}
