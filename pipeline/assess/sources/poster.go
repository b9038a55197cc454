package sources

import (
	"net/url"
	"slices"
	"strings"

	"whenwhere/pipeline"
)

// Poster is the basis of a source: the account on its platform, noted or read from the address. Where neither names an
// account, all posts of the platform are one witness, which can only make them count for less. It is a digest, because
// accounts are personal data.
func Poster(s pipeline.Source) pipeline.Basis {
	host, path := address(s.URL)
	platform := platformOf(strings.ToLower(strings.TrimSpace(s.Platform)), host)
	account := handle(s.Account)
	if account == "" {
		account = accountIn(platform, path)
	}
	return pipeline.Basis{Kind: "source", Of: pipeline.Pseudonym(platform, account)}
}

func address(raw string) (host, path string) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", ""
	}
	host = strings.ToLower(u.Hostname())
	for _, prefix := range []string{"www.", "m.", "mobile."} {
		host = strings.TrimPrefix(host, prefix)
	}
	return host, strings.ToLower(u.Path)
}

func handle(s string) string { return strings.TrimPrefix(strings.ToLower(strings.TrimSpace(s)), "@") }

// platforms are names and hosts of one platform; the first is the name that stands for all.
func platforms() [][]string {
	return [][]string{
		{"telegram", "t.me", "telegram.me", "telegram.org", "tg"},
		{"x", "x.com", "twitter", "twitter.com"},
		{"vk", "vk.com", "vkontakte"},
		{"tiktok", "tiktok.com"},
		{"youtube", "youtube.com", "youtu.be"},
		{"facebook", "facebook.com", "fb.com", "fb.watch"},
		{"instagram", "instagram.com"},
	}
}

// platformOf is one name for a platform, whichever way it is noted. A noted name that is none of a platform ("web") gives
// way to the host.
func platformOf(noted, host string) string {
	for _, name := range []string{noted, host} {
		for _, p := range platforms() {
			if slices.Contains(p, name) {
				return p[0]
			}
		}
	}
	if host != "" {
		return host
	}
	return noted
}

// accountIn reads the account out of a path, on platforms whose paths hold it: t.me/NAME/1, t.me/s/NAME/1,
// x.com/NAME/status/1, vk.com/wall-OWNER_1, tiktok.com/@NAME/video/1, youtube.com/@NAME.
func accountIn(platform, path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	switch platform {
	case "telegram":
		if len(parts) > 1 && (parts[0] == "s" || parts[0] == "c") { // the preview of a channel, or the number of a closed one
			return parts[1]
		}
		return parts[0]
	case "x":
		if parts[0] == "i" { // x.com/i/status/1 names nobody
			return ""
		}
		return parts[0]
	case "vk":
		if owner, ok := strings.CutPrefix(parts[0], "wall"); ok {
			owner, _, _ = strings.Cut(owner, "_")
			return owner
		}
		return parts[0]
	case "tiktok", "youtube":
		if name, ok := strings.CutPrefix(parts[0], "@"); ok {
			return name
		}
	}
	return ""
}
