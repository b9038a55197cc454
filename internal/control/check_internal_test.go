package control

import "testing"

func TestCheckedByRows(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		exact, rows []Patch
		believed    bool
	}{
		"nothing":         {nil, nil, true},
		"within a tenth":  {[]Patch{{From: UA, To: RU, Km2: 108}}, []Patch{{From: UA, To: RU, Km2: 60}, {From: UA, To: RU, Km2: 42}}, true},
		"small":           {[]Patch{{From: UA, To: RU, Km2: 4}}, nil, true},
		"too much":        {[]Patch{{From: UA, To: RU, Km2: 2e6}}, []Patch{{From: UA, To: RU, Km2: 1000}}, false},
		"too little":      {nil, []Patch{{From: UA, To: RU, Km2: 1000}}, false},
		"the other way":   {[]Patch{{From: RU, To: UA, Km2: 100}}, []Patch{{From: UA, To: RU, Km2: 100}}, false},
		"other class too": {[]Patch{{From: Contested, To: UA, Km2: 100}}, []Patch{{From: RU, To: UA, Km2: 100}}, false},
	} {
		if err := checkedByRows(tc.exact, tc.rows); (err == nil) != tc.believed {
			t.Errorf("%s: %v", name, err)
		}
	}
}
