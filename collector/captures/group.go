package captures

// A Group is the key by which captures are added up. Its fields are label values.
type Group struct {
	System, Type, Colo string
}

// Bounds on groups, to protect Prometheus from the API.
const (
	maxGroups    = 500 // of an account
	foldedGroups = 10  // reserved for groups with the value "other"
)

// The groups that every account has, so that an idle account is exported with zeros.
var (
	systems       = []string{"magic-transit"}
	types         = []string{"simple", "full"}
	initialGroups = []Group{{System: systems[0], Type: types[0]}, {System: systems[0], Type: types[1]}}
)

// fold returns the group to which captures of a group are added. If too many groups are
// known, that is first a group for all other colos, then one for all other captures.
func fold[T any](known map[Group]T, group Group) Group {
	if has(known, group) || len(known) < maxGroups-foldedGroups {
		return group
	}
	group.Colo = other
	if has(known, group) || len(known) < maxGroups-1 {
		return group
	}
	return Group{other, other, other}
}

func has[K comparable, T any](known map[K]T, key K) bool {
	_, ok := known[key]
	return ok
}
