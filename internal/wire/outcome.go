package wire

// Outcome returns the action of an answer as text, for counting. Every
// document with an action has it.

func (r *AuthorizationResponse) Outcome() string             { return string(r.Action) }
func (r *AuthorizationIssueResponse) Outcome() string        { return string(r.Action) }
func (r *AuthorizationFailResponse) Outcome() string         { return string(r.Action) }
func (r *AuthorizationTicketInfoResponse) Outcome() string   { return string(r.Action) }
func (r *AuthorizationTicketUpdateResponse) Outcome() string { return string(r.Action) }
func (r *ClientRegistrationResponse) Outcome() string        { return string(r.Action) }
func (r *IntrospectionResponse) Outcome() string             { return string(r.Action) }
func (r *StandardIntrospectionResponse) Outcome() string     { return string(r.Action) }
func (r *PushedAuthReqResponse) Outcome() string             { return string(r.Action) }
func (r *RevocationResponse) Outcome() string                { return string(r.Action) }
func (r *TokenResponse) Outcome() string                     { return string(r.Action) }
func (r *UserInfoResponse) Outcome() string                  { return string(r.Action) }
func (r *UserInfoIssueResponse) Outcome() string             { return string(r.Action) }
