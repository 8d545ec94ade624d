package wire

// Client is the configuration of one client.
type Client struct {
	// The client's number. Read-only.
	ClientID int64 `json:"clientId,omitempty"`
	// The client's other name.
	ClientIDAlias string `json:"clientIdAlias,omitempty"`
}
