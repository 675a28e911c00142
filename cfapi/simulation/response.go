package simulation

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// response is a response before a Fault is applied.
type response struct {
	status int
	header http.Header
	body   []byte
}

// envelope surrounds the result of every response.
type envelope struct {
	Result     any         `json:"result"`
	Success    bool        `json:"success"`
	Errors     []message   `json:"errors"`
	Messages   []message   `json:"messages"`
	ResultInfo *resultInfo `json:"result_info,omitempty"`
}

type message struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

type resultInfo struct {
	Count      int `json:"count"`
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	TotalCount int `json:"total_count"`
}

func jsonResponse(status int, body []byte) response {
	header := http.Header{"Content-Type": {"application/json"}}
	return response{status: status, header: header, body: body}
}

// encode panics if Capture.FilterV1 cannot be encoded.
func encode(env envelope) []byte {
	if env.Errors == nil {
		env.Errors = []message{}
	}
	env.Messages = []message{}
	body, err := json.Marshal(env)
	if err != nil {
		panic(fmt.Sprintf("simulation: %v", err))
	}
	return body
}

// refusal returns the API's response for a status of 400 or more. Undocumented error
// codes follow the pattern 10000 + status, as in 10405.
func refusal(status int, path string) response {
	m := message{10000 + status, http.StatusText(status)}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		m = message{10000, "Authentication error"}
	case http.StatusNotFound:
		m = message{7003, "Could not route to " + path + ", perhaps your object identifier is invalid?"}
	case http.StatusTooManyRequests:
		m = message{971, "Please wait and consider throttling your request speed"}
	}
	return jsonResponse(status, encode(envelope{Errors: []message{m}}))
}
