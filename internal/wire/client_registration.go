package wire

// ClientRegistrationRequest hands over a request that reached the client registration endpoint
// (RFC 7591) or the client configuration endpoint (RFC 7592).
type ClientRegistrationRequest struct {
	// The JSON body, exactly as received. Needed to register and to update.
	JSON string `json:"json,omitempty"`
	// The registration access token from the Authorization header. Not looked at when a client
	// registers: whether it may is for the caller to decide.
	Token string `json:"token,omitempty"`
	// The client id from the path of the configuration endpoint. Needed to get, update and delete;
	// not looked at when a client registers.
	ClientID string `json:"clientId,omitempty"`
}

// ClientRegistrationResponse is the answer of a client registration or configuration endpoint, ready
// to be sent.
type ClientRegistrationResponse struct {
	Result
	// The HTTP status.
	Action ClientRegistrationAction `json:"action,omitempty"`
	// The JSON body; absent where a registration was deleted.
	ResponseContent string `json:"responseContent,omitempty"`
	// The client as it is now or, where it was deleted, as it was. Absent in refusals.
	Client *Client `json:"client,omitempty"`
	// Why the request is refused: the rule, its clauses and who demanded it. For the caller's log,
	// never for the client. An extra of this engine.
	Explanation *Explanation `json:"explanation,omitempty"`
}
