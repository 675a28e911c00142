package cfapitest

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// An answer is what goes to the client; fault decides in which way.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// envelope is around every answer of the API.
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

func jsonAnswer(status int, body []byte) answer {
	header := http.Header{"Content-Type": {"application/json"}}
	return answer{status: status, header: header, body: body}
}

// encode panics on what is no JSON, which only Capture.FilterV1 can bring in.
func encode(env envelope) []byte {
	if env.Errors == nil {
		env.Errors = []message{}
	}
	env.Messages = []message{}
	body, err := json.Marshal(env)
	if err != nil {
		panic(fmt.Sprintf("cfapitest: %v", err))
	}
	return body
}

// refusal is the API's answer of a status of 400 or more. Codes that Cloudflare
// does not document follow its pattern of 10,000 + status, as in 10405.
func refusal(status int, path string) answer {
	m := message{10000 + status, http.StatusText(status)}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		m = message{10000, "Authentication error"}
	case http.StatusNotFound:
		m = message{7003, "Could not route to " + path + ", perhaps your object identifier is invalid?"}
	case http.StatusTooManyRequests:
		m = message{971, "Please wait and consider throttling your request speed"}
	}
	return jsonAnswer(status, encode(envelope{Errors: []message{m}}))
}
