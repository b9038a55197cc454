package mapfile

import (
	"strings"
	"time"
)

// nameSeparator stands between the Ukrainian part of a name, the English part
// and a key.
const nameSeparator = "///"

// status is what a name in a DeepState publication means.
type status int

const (
	unknownName status = iota
	occupied
	grey
	liberated
	otherWar // ground of other wars and borders, and Tuzla
	nameless // a known name that states no status
	snakeIsland
)

// side is the ground's class; keep is false for what is dropped.
func (s status) side() (side Side, keep bool) {
	switch s {
	case occupied:
		return RU, true
	case grey, nameless:
		return Contested, true
	case liberated:
		return UA, true
	default:
		return Unknown, false
	}
}

// statusOf reads a name: "<uk> /// <en> /// <key>" with stray line feeds and
// no-break spaces, or Ukrainian alone as in April and May 2022. Only the exact
// name counts: "occupied" stands in the names of Petsamo, Abkhazia and others,
// and one fill colour was given to different things over time.
func statusOf(name string, at time.Time) status {
	parts := strings.Split(name, nameSeparator)
	if len(parts) < 2 {
		return lookUp(name, ukrainian())
	}
	s := lookUp(parts[1], english())
	if s == snakeIsland {
		return snakeIslandAt(at)
	}
	return s
}

// snakeIslandAt: the name states no status; the island was left by the Russian
// forces on 30 June 2022, as both sides said.
func snakeIslandAt(at time.Time) status {
	if at.Before(time.Date(2022, 7, 1, 0, 0, 0, 0, time.UTC)) {
		return nameless
	}
	return liberated
}

// lookUp trims a name (U+00A0 is a space to Fields) and takes off a date at its end, as in "Liberated 27-31.03".
func lookUp(name string, known map[string]status) status {
	name, _, _ = strings.Cut(name, "{{at:")
	name = strings.Join(strings.Fields(name), " ")
	if s, ok := known[name]; ok {
		return s
	}
	bare := strings.TrimRight(name, "0123456789.,- –")
	if s := known[bare]; s == occupied || s == grey || s == liberated {
		return s
	}
	return unknownName
}

func english() map[string]status {
	return map[string]status{
		"CADR and CALR": occupied, "Occupied": occupied, "Occupied Crimea": occupied,
		"Unknown status": grey, "Contested": grey,
		"Liberated": liberated, "Snake Island": snakeIsland,
		// The daily files leave Tuzla out, and a provider must not differ with itself.
		"Occupied Tuzla Island": otherWar,
		"Transnistria":          otherWar, "Occupied Petsamo": otherWar, "Occupied Salla": otherWar,
		"occupied Estonia territories.": otherWar, "Occupied Pechorsky district (Saaste Boot).": otherWar,
		"Occupied Latvia territories.": otherWar, "Occupied Southern Kuril islands.": otherWar,
		"Occupied Tskhinvali district": otherWar, "East Prussia is temporarily occupied.": otherWar,
		"Occupied Abkhazia.": otherWar, "The temporarily occupied territory of Karelia.": otherWar,
		"The temporarily occupied territory of the Republic of Ichkeria.": otherWar,
	}
}

// ukrainian are the names of 2022. Those that state no status have a colour,
// which says nothing (see statusOf): Snake Island without a word, roads, dates
// alone, the default name of a drawing program, "said to be liberated".
func ukrainian() map[string]status {
	return map[string]status{
		"Окуповано": occupied, "Окуповані Циркуни": occupied, "Ізюм. Окуповано": occupied,
		"Рубіжне. Території зайняті ворогом": occupied, "ОРДЛО": occupied, "Крим": occupied, "Окупований Крим": occupied,
		"Під питанням": grey, "Статус невідомий": grey, "Невідомо точно при вихід": grey,
		"Звільнено": liberated, "звільнено": liberated, "Звільнено Чугуїв": liberated,
		"Звільнено Миколаївський аеропорт": liberated, "Орки відсутні": liberated,
		"Придністров'я": otherWar, "Острів Тузла": otherWar,
		"Зміїний": nameless, "24.03": nameless, "Багатокутник 11": nameless,
		"Дорога Тростянець-Суми 31.03":                           nameless,
		"Начебто звільнено 26.03. Читайте опис. Треба уточнення": nameless,
	}
}
