package webapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Error is a call that was answered, but not with what was asked for.
type Error struct {
	Path    string // of the call, with /api
	Status  int    // of HTTP; 502 where the answer made no sense
	Code    string // resultCode
	Message string // resultMessage, or our own words
}

func (e *Error) Error() string {
	text := e.Message
	if text == "" {
		text = http.StatusText(e.Status)
	}
	return fmt.Sprintf("webapi: %s: %d: %s", e.Path, e.Status, text)
}

func refusal(path string, status int, answer []byte) error {
	var r wire.Result
	if json.Unmarshal(answer, &r) != nil {
		r = wire.Result{} // a proxy's page, say
	}
	return &Error{Path: path, Status: status, Code: r.ResultCode, Message: r.ResultMessage}
}

// Unavailable reports whether err says that the engine cannot answer now: it
// was not reached, did not answer in time, or asked to come back later.
func Unavailable(err error) bool {
	if err == nil {
		return false
	}
	var e *Error
	if !errors.As(err, &e) {
		return true
	}
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// IsStatus reports whether the engine answered a call with status.
func IsStatus(err error, status int) bool {
	var e *Error
	return errors.As(err, &e) && e.Status == status
}
