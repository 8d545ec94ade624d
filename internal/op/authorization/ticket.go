package authorization

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/grant"
	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/store"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// TicketInfo tells what a caller attached to a ticket. Reads and commits: 1R.
func TicketInfo(ctx context.Context, c *op.Call, in *wire.AuthorizationTicketInfoRequest) (*wire.AuthorizationTicketInfoResponse, error) {
	t, err := heldTicket(ctx, c, in.Ticket)
	if err != nil {
		return nil, err
	}
	if t == nil {
		return &wire.AuthorizationTicketInfoResponse{Result: c.Result(ticketLive.Result, ticketText), Action: wire.AuthorizationTicketActionNotFound}, nil
	}
	return &wire.AuthorizationTicketInfoResponse{
		Result: c.Result("A930001", "The ticket was found."), Action: wire.AuthorizationTicketActionOK,
		Info: &wire.AuthorizationTicketInfo{Context: t.Body.Context},
	}, nil
}

// TicketUpdate replaces what a caller attached to a ticket. Of calls at the
// same time the last one counts. Reads and commits: 1R + 1C.
func TicketUpdate(ctx context.Context, c *op.Call, in *wire.AuthorizationTicketUpdateRequest) (*wire.AuthorizationTicketUpdateResponse, error) {
	if in.Info == nil {
		return nil, op.Missing("info")
	}
	t, err := heldTicket(ctx, c, in.Ticket)
	if err != nil {
		return nil, err
	}
	outcome := store.Lost
	if t != nil {
		// Nothing but the context ever changes in a ticket.
		t.Body.Context = in.Info.Context
		if outcome, err = c.Store.ReplaceTicket(ctx, store.ReplaceTicket{Now: c.Millis(), Service: c.Service.ID, Ticket: t.Key, Body: &t.Body}); err != nil {
			return nil, err
		}
	}
	if outcome != store.Done {
		return &wire.AuthorizationTicketUpdateResponse{Result: c.Result(ticketLive.Result, ticketText), Action: wire.AuthorizationTicketActionNotFound}, nil
	}
	return &wire.AuthorizationTicketUpdateResponse{
		Result: c.Result("A930002", "The ticket was updated."), Action: wire.AuthorizationTicketActionOK,
	}, nil
}

// heldTicket returns a ticket that can still be answered, or nil.
func heldTicket(ctx context.Context, c *op.Call, handle string) (*grant.Ticket, error) {
	if handle == "" {
		return nil, op.Missing("ticket")
	}
	t, _, err := loadTicket(ctx, c, handle)
	return t, err
}
