package config

import (
	"errors"
	"regexp"
	"strings"
)

var (
	variable = regexp.MustCompile(`^(export )?[A-Za-z_]\w*=[^=]`)
	b64token = regexp.MustCompile(`^[\w.~+/-]+=*$`) // RFC 6750
	visible  = regexp.MustCompile(`^[!-~]+$`)
)

// CheckToken returns an error if text cannot be a bearer token. It ignores white space
// around the token, and never quotes it.
func CheckToken(text string) error {
	if err := CheckHeader(text); err != nil {
		return err
	}
	if !b64token.MatchString(strings.TrimSpace(text)) {
		return errors.New("the token has characters other than letters, digits and -._~+/")
	}
	return nil
}

// CheckHeader returns an error if text cannot be a token, a key or an email address in a
// header. It ignores white space around it, and never quotes it.
func CheckHeader(text string) error {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return errors.New("the token is empty")
	case strings.HasPrefix(text, "\xff\xfe") || strings.HasPrefix(text, "\xfe\xff") || strings.Contains(text, "\x00"):
		return errors.New("the token is in UTF-16: save the file as plain text")
	case strings.HasPrefix(text, "\ufeff"):
		return errors.New("the token starts with a byte order mark: save the file as plain text")
	case strings.ContainsAny(text, "\r\n"):
		return errors.New("the token has several lines: remove the others")
	case strings.ContainsAny(text[:1]+text[len(text)-1:], "\"'`"):
		return errors.New("the token is in quotes: remove them")
	case len(text) > 7 && strings.EqualFold(text[:7], "Bearer "):
		return errors.New(`the token starts with "Bearer": remove it`)
	case variable.MatchString(text):
		return errors.New("the token starts with the name of a variable: remove it")
	case !visible.MatchString(text):
		return errors.New("the token has a space or another character than visible ASCII: write it again")
	}
	return nil
}
