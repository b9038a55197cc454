package clock

import (
	"net/url"
	"regexp"
	"strings"
	"time"
)

// maxURLBytes bounds the work on hostile input; no platform link is longer.
const maxURLBytes = 8192

// urlRule says which ids the paths of a host carry. The id is the last group
// of the pattern.
type urlRule struct {
	hosts  []string // exact host, or any name below it
	path   *regexp.Regexp
	scheme Scheme
}

var urlRules = []urlRule{
	{[]string{"twitter.com", "x.com"}, regexp.MustCompile(`^/(?:[^/]+|i/web)/status(?:es)?/(\d+)(?:/|$)`), Twitter},
	{[]string{"video.twimg.com", "pbs.twimg.com"}, regexp.MustCompile(`^/(?:ext_tw_video|ext_tw_video_thumb|amplify_video|amplify_video_thumb)/(\d+)/`), Twitter},
	{[]string{"discord.com", "discordapp.com"}, regexp.MustCompile(`^/channels/(?:\d+|@me)/\d+/(\d+)/?$`), Discord},
	{[]string{"cdn.discordapp.com", "media.discordapp.net"}, regexp.MustCompile(`^/(?:ephemeral-)?attachments/\d+/(\d+)/`), Discord},
	{[]string{"tiktok.com"}, regexp.MustCompile(`^/(?:@[^/]*/(?:video|photo)|v|embed(?:/v2)?)/(\d+)(?:\.html)?/?$`), TikTok},
	{[]string{"instagram.com", "instagr.am"}, regexp.MustCompile(`^/(?:[^/]+/)?(?:p|reel|reels|tv)/([A-Za-z0-9_-]{9,})/?(?:embed/?)?$`), Instagram},
	{[]string{"instagram.com"}, regexp.MustCompile(`^/stories/[^/]+/(\d+)/?$`), Instagram},
	{[]string{"linkedin.com"}, regexp.MustCompile(`(?:activity|ugcPost|share)[-:](\d{19})(?:\D|$)`), LinkedIn},
	{[]string{"bsky.app"}, regexp.MustCompile(`^/profile/[^/]+/post/([2-7a-z]{13})/?$`), Bluesky},
}

// A Mastodon server can have any name; these are large ones and the names
// that say so. On other hosts the same path may belong to other software.
var mastodonHosts = regexp.MustCompile(`(?:^|\.)(?:mastodon\.[a-z]+|mstdn\.[a-z]+|fosstodon\.org|infosec\.exchange|hachyderm\.io|mas\.to|journa\.host|techhub\.social)$`)

var mastodonPath = regexp.MustCompile(`^(?:/web|/deck)?/(?:@[^/]+|users/[^/]+/statuses|statuses)/(\d{17,19})/?$`)

// FromURL reads the ids in a link, by the scheme that its host implies and no
// other. It returns nil when the link says nothing about time: an unknown
// host, a malformed link, an id outside the life of the service. A Telegram
// link (t.me/channel/N) is such a one, because N only counts messages: see
// TelegramPost.
func FromURL(link string, until time.Time) []Stamp {
	u, ok := parseLink(link)
	if !ok {
		return nil
	}
	scheme, id, ok := idInURL(hostOf(u), u.Path)
	if !ok {
		return nil
	}
	s, ok := FromID(scheme, id, until)
	if !ok {
		return nil
	}
	s.Field, s.Raw = "url:"+string(scheme), link
	return []Stamp{s.with(urlFlags(scheme, id, u.Path)...)}
}

// parseLink reads an http or https link, whose scheme may be left out.
func parseLink(link string) (*url.URL, bool) {
	if len(link) > maxURLBytes {
		return nil, false
	}
	full := strings.TrimSpace(link)
	if !strings.Contains(full, "://") {
		full = "https://" + full
	}
	u, err := url.Parse(full)
	return u, err == nil && (u.Scheme == "https" || u.Scheme == "http")
}

func hostOf(u *url.URL) string { return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".") }

func idInURL(host, path string) (Scheme, string, bool) {
	for _, rule := range urlRules {
		if m := rule.path.FindStringSubmatch(path); m != nil && onHost(host, rule.hosts) {
			return rule.scheme, m[1], true
		}
	}
	if m := mastodonPath.FindStringSubmatch(path); m != nil && mastodonHosts.MatchString(host) {
		return Mastodon, m[1], true
	}
	return "", "", false
}

func onHost(host string, hosts []string) bool {
	for _, h := range hosts {
		if host == h || strings.HasSuffix(host, "."+h) {
			return true
		}
	}
	return false
}

// urlFlags names what weakens the bound: a Mastodon server gives posts of
// other servers ids of its own, at the time it received them; long Instagram
// shortcodes belong to private posts and are cut by an unverified rule.
func urlFlags(scheme Scheme, id, path string) []string {
	switch {
	case scheme == Mastodon && strings.Count(path, "@") > 1:
		return []string{FlagRemoteCopy}
	case scheme == Instagram && !isDigits(id) && len(id) > 11:
		return []string{FlagPrivate, FlagUnverified}
	}
	return nil
}
