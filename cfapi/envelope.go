package cfapi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// envelope is what surrounds every result of the API.
type envelope struct {
	code       int // of the first error
	page       int
	perPage    int
	totalCount int
}

// envelope reads one answer to its end; result reads the array of that name,
// which may be null.
func (d *decoder) envelope(result func() error) (envelope, error) {
	return d.envelopeOf('[', result)
}

// envelopeOf is envelope for a result of that kind; only a list may be null.
// The order of the keys is not promised: only a nil error says that what result
// has read can be trusted.
func (d *decoder) envelopeOf(kind jsontext.Kind, result func() error) (env envelope, err error) {
	var success, hasSuccess, hasResult bool
	err = d.object(func(name []byte) error {
		switch string(name) {
		case "success":
			token, err := d.ReadToken()
			hasSuccess = err == nil && (token.Kind() == 't' || token.Kind() == 'f')
			success = hasSuccess && token.Bool()
			if err == nil && !hasSuccess {
				return &decodeError{err: errors.New("success is neither true nor false")}
			}
			return err
		case "result":
			found := d.PeekKind()
			hasResult = found == kind || found == 'n' && kind == '['
			return d.lenient(kind, result)
		case "errors":
			return d.errors(&env.code)
		case "result_info":
			return d.resultInfo(&env)
		}
		return d.SkipValue()
	})
	if err == nil {
		err = d.end()
	}
	switch {
	case errors.Is(err, errStopped):
		return env, err
	case err != nil:
		return env, asDecodeError(err)
	case !hasSuccess:
		return env, &decodeError{err: errors.New("it says nothing of success")}
	case !success:
		return env, &Error{StatusCode: http.StatusOK, Code: env.code}
	case !hasResult:
		return env, &decodeError{err: errors.New("its result is missing, or of another type")}
	}
	return env, nil
}

func asDecodeError(err error) error {
	if _, ok := errors.AsType[*decodeError](err); ok {
		return err
	}
	// Its text has the names of the keys on the way, which are the answer's words.
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		err = fmt.Errorf("byte %d: %w", syntactic.ByteOffset, syntactic.Err)
	}
	return &decodeError{err: err}
}

// errors reads the code of the first error.
func (d *decoder) errors(code *int) error {
	return d.lenient('[', func() error {
		return d.array(func() error {
			return d.lenient('{', func() error {
				return d.object(func(name []byte) error {
					if string(name) == "code" && *code == 0 {
						return d.integer(code)
					}
					return d.SkipValue()
				})
			})
		})
	})
}

func (d *decoder) resultInfo(env *envelope) error {
	return d.lenient('{', func() error {
		return d.object(func(name []byte) error {
			switch string(name) {
			case "page":
				return d.integer(&env.page)
			case "per_page":
				return d.integer(&env.perPage)
			case "total_count":
				return d.integer(&env.totalCount)
			}
			return d.SkipValue()
		})
	})
}
