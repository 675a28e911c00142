package simulation

import "time"

// timeFormat is RFC 3339 with microseconds.
const timeFormat = "2006-01-02T15:04:05.000000Z"

// view is the JSON of a capture. The fields of simple and full captures differ as on the
// page "Collect PCAPs" and in the API reference.
type view struct {
	ID               string         `json:"id"`
	Submitted        string         `json:"submitted"`
	FilterV1         map[string]any `json:"filter_v1"`
	TimeLimit        float64        `json:"time_limit,omitempty"`
	ByteLimit        int64          `json:"byte_limit,omitempty"`
	PacketLimit      int            `json:"packet_limit,omitempty"`
	Status           string         `json:"status"`
	PacketsRemaining *int           `json:"packets_remaining,omitempty"`
	PacketsCaptured  *int           `json:"packets_captured,omitempty"`
	Type             string         `json:"type"`
	System           string         `json:"system"`
	ColoName         string         `json:"colo_name,omitempty"`
	Colo             string         `json:"colo,omitempty"`
	DestinationConf  string         `json:"destination_conf,omitempty"`
	ErrorMessage     string         `json:"error_message,omitempty"`
	StopRequested    string         `json:"stop_requested,omitempty"`
}

// view returns the capture at the given time.
func (s *submitted) view(now time.Time) view {
	age := now.Sub(s.at)
	v := view{
		ID:          s.id,
		Submitted:   formatTime(s.at),
		FilterV1:    s.FilterV1,
		TimeLimit:   s.TimeLimit.Seconds(),
		PacketLimit: s.PacketLimit,
		Status:      s.status(age),
		Type:        "simple",
		System:      "magic-transit",
	}
	if v.FilterV1 == nil {
		v.FilterV1 = map[string]any{}
	}
	if s.full() {
		s.viewFull(&v, age)
	} else {
		v.PacketsRemaining = new(int)
	}
	return v
}

func (s *submitted) viewFull(v *view, age time.Duration) {
	v.Type = "full"
	v.ByteLimit = s.ByteLimit
	v.DestinationConf = s.Destination
	if s.ColoKey == "colo" {
		v.Colo = s.Colo
	} else {
		v.ColoName = s.Colo
	}
	if v.Status != "pending" {
		v.PacketsCaptured = new(s.captured(age))
	}
	if s.StopAfter > 0 && age >= s.StopAfter {
		v.StopRequested = formatTime(s.at.Add(s.StopAfter))
	}
	if s.ended(age) {
		v.ErrorMessage = s.ErrorMessage
	}
}

func formatTime(t time.Time) string { return t.UTC().Format(timeFormat) }
