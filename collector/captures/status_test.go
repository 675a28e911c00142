package captures

import "testing"

// Each documented status is a finished or an unfinished one, or unknown.
func TestStatuses(t *testing.T) {
	for _, s := range Statuses {
		if s.Finished == s.Unfinished && s.Name != unknown || s.Failed && !s.Finished || StatusOf(s.Name) != s {
			t.Errorf("got %+v", s)
		}
	}
	if got := StatusOf("queued"); len(Statuses) != 8 || got != (Status{}) {
		t.Errorf("%d statuses; an undocumented one is %+v", len(Statuses), got)
	}
}
