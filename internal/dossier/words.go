package dossier

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"whenwhere/pipeline"
	"whenwhere/pipeline/score"
)

// sign is a word with the shape that stands beside it, so that neither colour nor shape is needed to tell.
type sign struct{ Shape, Word, Class, Means string }

// machineSign says what the machine's status means.
func machineSign(s pipeline.VerdictStatus) sign {
	switch s {
	case pipeline.StatusCandidate:
		return sign{"●", string(s), "good", "Place and time are each supported by at least two independent witnesses, and nothing speaks decidedly against them. A person has to confirm it; publication needs two."}
	case pipeline.StatusCredible:
		return sign{"◐", string(s), "some", "More speaks for the claimed place and time than against, and at least one source or testimony agrees; what there is does not verify them independently."}
	case pipeline.StatusContradicted:
		return sign{"✕", string(s), "bad", "Something speaks decidedly against the claimed place or time. That the footage is not what it is said to be does not mean that nothing happened."}
	case pipeline.StatusUnresolved:
	}
	return sign{"○", string(s), "open", "What there is does not decide, either way. That is a result and not a failure; below stands what is missing."}
}

// peopleSign says what people's decisions come to.
func peopleSign(r pipeline.Review) sign {
	means := r.Wanting()
	if means == "" {
		means = "two or more people verified it on this verdict"
	}
	means = sentence(means) + "."
	if r.State() == pipeline.ReviewNone {
		means += fmt.Sprintf(" A decision is a person's; publication needs %d who verify this verdict.", pipeline.ApprovingPeople)
	}
	switch r.State() {
	case pipeline.ReviewApproved, pipeline.ReviewVerified:
		return sign{"●", string(r.State()), "good", means}
	case pipeline.ReviewContradicted:
		return sign{"✕", string(r.State()), "bad", means}
	case pipeline.ReviewDisputed, pipeline.ReviewOutdated:
		return sign{"◐", string(r.State()), "some", means}
	case pipeline.ReviewUnresolved, pipeline.ReviewNone:
	}
	return sign{"○", string(r.State()), "open", means}
}

// outcomeSign is an answer in a word.
func outcomeSign(o pipeline.Outcome) sign {
	switch o {
	case pipeline.Supports:
		return sign{Shape: "+", Word: "speaks for it", Class: "good"}
	case pipeline.Contradicts:
		return sign{Shape: "−", Word: "speaks against it", Class: "bad"}
	case pipeline.Inconclusive:
		return sign{Shape: "·", Word: "does not decide", Class: "open"}
	case pipeline.NotApplicable:
		return sign{Shape: "·", Word: "does not apply", Class: "open"}
	case pipeline.Unavailable:
	}
	return sign{Shape: "·", Word: "no evidence", Class: "open"}
}

func axisName(a pipeline.Axis) string {
	switch a {
	case pipeline.AxisWhere:
		return "Place"
	case pipeline.AxisWhen:
		return "Time"
	case pipeline.AxisFootage:
		return "Was the footage seen before"
	case pipeline.AxisContext:
		return "Who held the ground, and operations"
	case pipeline.AxisSources:
		return "Sources and testimonies"
	}
	return string(a)
}

// codeWords says why a question has no answer.
func codeWords(c pipeline.Code) string {
	words := map[pipeline.Code]string{
		pipeline.CodeMediaMissing: "the file is not there", pipeline.CodeMediaUnreadable: "the file cannot be read",
		pipeline.CodeMetadataStripped: "the file carries no metadata; messengers strip it", pipeline.CodePrintTooFlat: "the picture is too flat to be told from others",
		pipeline.CodePrintNegative: "the picture is a logo, title card or stock clip", pipeline.CodeClaimTooVague: "the claim lacks the place or the time to compare with",
		pipeline.CodePlaceAmbiguous: "several places have the claimed name", pipeline.CodePlaceUnknown: "no gazetteer has the claimed name",
		pipeline.CodeNoReference: "there is nothing to compare with", pipeline.CodeNoZone: "a local time that allows both answers",
		pipeline.CodeClockDoubtful: "the clock contradicts itself or another", pipeline.CodeNotStated: "it is not stated",
		pipeline.CodeDependent: "it repeats another witness", pipeline.CodeWeak: "what there is cannot decide",
	}
	if w, ok := words[c]; ok {
		return w
	}
	return string(c)
}

// reasonWords says what a typed reason of a status means; question gives the words of a question.
func reasonWords(reason string, question func(pipeline.QuestionID) string) string {
	if id, ok := strings.CutPrefix(reason, score.ReasonContradiction+":"); ok {
		return "This does not hold: " + question(pipeline.QuestionID(id))
	}
	if id, ok := strings.CutPrefix(reason, score.ReasonOpen+":"); ok {
		return "Something speaks against it that is not settled. This does not hold: " + question(pipeline.QuestionID(id))
	}
	words := map[string]string{
		score.ReasonNotLocatable: "No footage, file or measurement speaks to the place.", score.ReasonNotDatable: "No footage, file or measurement speaks to the time.",
		score.ReasonUncorroborated: "No independent source or testimony agrees.", score.ReasonWeak: "What there is adds up to little.",
		score.ReasonLeansAgainst: "What there is speaks against the claim, and does not decide.",
	}
	if w, ok := words[reason]; ok {
		return w
	}
	return sentence(codeWords(pipeline.Code(reason))) + "."
}

func basisName(kind string) string {
	words := map[string]string{
		"camera_clock": "the camera's clock", "gps": "satellite position or time", "container_clock": "the clock in a movie's header", "file_name": "the file's name",
		"platform_id": "a platform's own numbers", "archive": "a web archive", "pixels": "the picture", "exposure": "the exposure", "analyst": "an analyst's marks",
		"testimony": "a testimony", "source": "a source", "control_map": "control maps",
	}
	if w, ok := words[kind]; ok {
		return w
	}
	return strings.ReplaceAll(kind, "_", " ")
}

func kindName(k pipeline.Kind) string {
	if k == "" {
		return "not stated"
	}
	return strings.ReplaceAll(string(k), "_", " ")
}

func sideName(s pipeline.Side) string {
	switch s {
	case pipeline.SideRU:
		return "Russian (ru)"
	case pipeline.SideUA:
		return "Ukrainian (ua)"
	case pipeline.SideOther:
		return "other"
	case pipeline.SideUnknown, "":
	}
	return "not known"
}

func metres(m float64) string {
	if m < 1000 {
		return fmt.Sprintf("%.0f m", m)
	}
	return fmt.Sprintf("%.1f km", m/1000)
}

// bans is a weight with its sign; a true minus, which reads better than a hyphen.
func bans(w float64, decimals int) string {
	text := strings.ReplaceAll(fmt.Sprintf("%+.*f", decimals, w), "-", "−")
	if strings.Trim(text, "+−0.") == "" {
		return "0"
	}
	return text
}

// sentence begins with a capital.
func sentence(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// degrees is a place, to about a metre.
func degrees(lat, lon float64, decimals int) string {
	ns, ew := "N", "E"
	if lat < 0 {
		ns = "S"
	}
	if lon < 0 {
		ew = "W"
	}
	return fmt.Sprintf("%.*f° %s, %.*f° %s", decimals, math.Abs(lat), ns, decimals, math.Abs(lon), ew)
}
