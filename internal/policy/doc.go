// Package policy folds what a service, a client, its scopes and a FAPI
// profile demand into one immutable value, which rules ask. Rules never ask
// for a profile.
//
//	Defaults ─┐
//	service  ─┤
//	client   ─┼─► fold ─► *Policy (base)  ─ + scope attributes ─► *Policy (final)
//	profile  ─┘
//
// Every field declares in its type how two demands meet:
//
//	Flag     or: once demanded, demanded
//	Set      intersection: what all demanders accept; may become empty
//	Seconds  minimum
//	Choice   the value of the highest precedence
//
// and remembers who demanded it, so that a refusal can name its demanders.
// A conflict never refuses the writing of a service or client: an empty meet
// refuses the requests that it concerns.
//
// A profile is a list of clause and demand: profile_fapi2_security.go. Plain
// switches that meet nothing (refreshTokenIdempotent, errorUriOmitted) are
// read from the service where they are used and are not in here.
package policy
