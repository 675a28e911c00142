package captures

import (
	"fmt"
	"testing"
)

// 490 groups keep their colo, and nine more keep system and type.
func TestFold(t *testing.T) {
	known := make(map[Group]bool)
	for i := range 3000 {
		known[fold(known, Group{"magic-transit", fmt.Sprint("t", i/100), fmt.Sprint("c", i)})] = true
	}
	if len(known) != maxGroups {
		t.Errorf("%d groups", len(known))
	}
	for group, want := range map[Group]bool{
		{"magic-transit", "t4", "c489"}:   true,
		{"magic-transit", "t4", "c490"}:   false,
		{"magic-transit", "t4", other}:    true,
		{"magic-transit", "t12", other}:   true,
		{"magic-transit", "t13", other}:   false,
		{other, other, other}:             true,
		{"magic-transit", "t12", "c1200"}: false,
	} {
		if got := known[group]; got != want || got && fold(known, group) != group {
			t.Errorf("%v: got %v", group, got)
		}
	}
}
