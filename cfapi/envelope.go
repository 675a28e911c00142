package cfapi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
)

// envelope is the part of a response that surrounds its result.
type envelope struct {
	code       int // error code of the first error
	page       int
	perPage    int
	totalCount int
}

// envelope reads a whole response. It calls result to read the array of that
// name, which may be null.
func (d *decoder) envelope(result func() error) (envelope, error) {
	return d.envelopeOf('[', result)
}

// envelopeOf is like envelope for a result of the given kind; only an array may be
// null. The order of the keys is unspecified, so what result has read is valid only
// if the error is nil.
func (d *decoder) envelopeOf(kind jsontext.Kind, result func() error) (env envelope, err error) {
	var success, hasSuccess, hasResult bool
	err = d.object(func(name []byte) error {
		switch string(name) {
		case "success":
			token, err := d.ReadToken()
			hasSuccess = err == nil && (token.Kind() == 't' || token.Kind() == 'f')
			success = hasSuccess && token.Bool()
			if err == nil && !hasSuccess {
				return &decodeError{err: errors.New(`field "success" is not a boolean`)}
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
	case err != nil:
		return env, asDecodeError(err)
	case !hasSuccess:
		return env, &decodeError{err: errors.New(`missing field "success"`)}
	case !success:
		return env, &Error{StatusCode: http.StatusOK, Code: env.code}
	case !hasResult:
		return env, &decodeError{err: errors.New(`field "result" is missing or has the wrong type`)}
	}
	return env, nil
}

func asDecodeError(err error) error {
	if _, ok := errors.AsType[*decodeError](err); ok {
		return err
	}
	// The text of a syntactic error contains keys of the response.
	if syntactic, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		err = fmt.Errorf("byte %d: %w", syntactic.ByteOffset, syntactic.Err)
	}
	return &decodeError{err: err}
}

// errors reads the error code of the first error.
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
