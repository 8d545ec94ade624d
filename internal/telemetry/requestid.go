package telemetry

import (
	"crypto/rand"
	"regexp"
)

// RequestIDHeader carries the name of a request: from the caller, if it has
// one, and in every answer.
const RequestIDHeader = "X-Request-Id"

var requestID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// RequestID returns the name that a caller gave a request, where it can stand
// in a log, and a new one otherwise.
func RequestID(sent string) string {
	if requestID.MatchString(sent) {
		return sent
	}
	return rand.Text()[:16]
}
