package decode

import "testing"

func TestWithoutAddresses(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]string{
		"[mov,mp4 @ 0x55d2fea10140] stream 0, broken header": "[mov,mp4] stream 0, broken header",
		"[a @ 0x1] x [b @ 0xffff":                            "[a] x [b",
		"no address at all":                                  "no address at all",
		" @ 0x @ 0x1":                                        "",
	} {
		if got := withoutAddresses(words); got != want {
			t.Errorf("%q: %q, want %q", words, got, want)
		}
	}
}
