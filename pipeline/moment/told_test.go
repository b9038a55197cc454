package moment_test

import (
	"encoding/json"
	"strings"
	"testing"

	"whenwhere/pipeline"
)

// What repeats its neighbour is left out; what is empty, because the others contradict each other, is not.
func TestWhatIsToldOnce(t *testing.T) {
	t.Parallel()
	text := func(e pipeline.Estimate) string {
		out, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	in := pipeline.Incident{ID: "X-1", Claim: bakhmut(), Marks: []pipeline.Mark{mark("a.jpg")}, Brackets: []pipeline.Bracket{{Media: "a.jpg", Before: at("2024-11-01T08:36:00Z"), After: at("2024-11-05T08:46:00Z"), By: "analyst-1"}}}
	agreed := estimate(t, in, exhibit(t, "a.jpg", nil, nil, dial("2024-11-03T10:15:20"), fix("2024-11-03T07:15:20Z")))[0]
	got := text(agreed)
	if agreed.Robust != nil || strings.Contains(got, `"robust"`) {
		t.Errorf("what most allow is what all allow, and told twice: %s", got)
	}
	if strings.Contains(got, `:-0`) {
		t.Errorf("a median that moves by less than half a second, by -0: %s", got)
	}
	same := 0
	for _, i := range agreed.Items {
		if i.Without == nil {
			same++
		}
	}
	if same == 0 || same == len(agreed.Items) || strings.Count(got, `"without"`) != len(agreed.Items)-same {
		t.Errorf("%d of %d sets repeat that of 95 %%: %s", same, len(agreed.Items), got)
	}
	apart := estimate(t, in, exhibit(t, "a.jpg", nil, nil, dial("2024-11-03T10:15:20"), fix("2023-11-03T19:15:20Z")))[0]
	if apart.Robust == nil || len(apart.Strict) > 0 || !strings.Contains(text(apart), `"robust":[`) {
		t.Errorf("clocks that contradict each other: %s", text(apart))
	}
}
