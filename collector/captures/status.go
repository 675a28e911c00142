package captures

import "slices"

// A Status is a documented status of a capture. An undocumented one has no name.
type Status struct {
	Name       string // label value
	Unfinished bool
	Finished   bool
	Failed     bool
}

// Statuses are all documented statuses: the finished ones, then the unfinished ones from
// the last stage to the first.
var Statuses = []Status{
	{Name: "success", Finished: true},
	{Name: "complete", Finished: true},
	{Name: "failed", Finished: true, Failed: true},
	{Name: "conversion_running", Unfinished: true},
	{Name: "conversion_pending", Unfinished: true},
	{Name: "running", Unfinished: true},
	{Name: "pending", Unfinished: true},
	{Name: unknown},
}

// StatusOf returns the documented status with the given name, or else the zero Status.
func StatusOf(name string) Status {
	if i := slices.IndexFunc(Statuses, func(s Status) bool { return s.Name == name }); i >= 0 {
		return Statuses[i]
	}
	return Status{}
}

func statusNames() (names []string) {
	for _, status := range Statuses {
		names = append(names, status.Name)
	}
	return names
}
