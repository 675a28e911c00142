package accounts

import "testing"

func TestFind(t *testing.T) {
	targets := &Targets{Accounts: []*Account{{ID: "1", Name: "2"}, {ID: "2", Name: "two"}, {ID: "3"}}}
	for target, want := range map[string]string{
		"1":    "1",
		"2":    "2", // an id takes precedence over a name
		"two":  "2",
		"3":    "3",
		"":     "",
		"four": "",
	} {
		got := ""
		if a := targets.Find(target); a != nil {
			got = a.ID
		}
		if got != want {
			t.Errorf("%q: got %q, want %q", target, got, want)
		}
	}
}
