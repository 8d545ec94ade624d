// Package op is what all operations share: the call that an operation gets,
// the errors that only the caller of the Web API can cause, and the parts of
// an answer that every family writes alike.
//
// An operation is a function
//
//	func(ctx, *op.Call, *wire.XRequest) (*wire.XResponse, error)
//
// in a folder of its family. It has phases (straight code in the order of the
// specification), rules (tables) and effects (one load, one commit). What the
// OAuth client did wrong is a verdict in the answer. An error is either a
// *CallError, which the caller of the Web API caused, or a failure of ours.
//
//	call.go           what an operation gets: environment, service, time
//	callerror.go      what only the caller of the Web API can cause: 4xx
//	oautherror.go     a refusal as the OAuth client sees it, and as the owner does
//	clientrequest.go  a request that a client authenticates: who, which key, spent once
//	dpop.go           the proof that came with a request
//	members.go        members that several documents share
//
// Operations do not import each other. Not here: HTTP, SQL, clocks,
// randomness; they are handed in.
package op
