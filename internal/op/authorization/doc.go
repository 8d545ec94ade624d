// Package authorization holds the five operations behind an authorization
// endpoint.
//
//	Authorization: parameters ─► request.Locate ─► request.Resolve ─► ticket
//	                                 │ page            │ redirect
//	Issue:  ticket + subject ─► code ─► response to the client
//	Fail:   ticket + reason  ─► error ─► response to the client
//	TicketInfo, TicketUpdate: what the caller keeps with a ticket meanwhile
//
// The ticket is single-use. It is taken, the pushed request that it was made
// from is consumed, and the code is stored in one commit; of two parallel
// calls one wins and the other is told that the ticket is gone.
//
// Not here: what requests must look like (request), who the end-user is.
package authorization
