package flags

import (
	"errors"
	"fmt"
	"strconv"
	"time"
)

// number is the value of a flag that has a minimum.
type number[T int | time.Duration] struct {
	minimum T
	to      *T
	parse   func(string) (T, error)
}

func atLeast[T int | time.Duration](minimum T, to *T, parse func(string) (T, error)) *number[T] {
	return &number[T]{minimum, to, parse}
}

// Set implements kingpin.Value.
func (n *number[T]) Set(text string) error {
	parsed, err := n.parse(text)
	if _, ok := errors.AsType[*strconv.NumError](err); ok {
		return fmt.Errorf("%q is not a valid integer", text)
	}
	if err != nil {
		return err
	}
	if parsed < n.minimum {
		return fmt.Errorf("%q is not valid: the minimum is %v", text, n.minimum)
	}
	*n.to = parsed
	return nil
}

// String implements kingpin.Value.
func (n *number[T]) String() string { return fmt.Sprint(*n.to) }
