package wire

// Service is the configuration of one service.
type Service struct {
	// The service's number: its name in paths and its user name for Basic. Read-only.
	APIKey int64 `json:"apiKey,omitempty"`
	// A small number for internal use. Read-only.
	Number int `json:"number,omitempty"`
	// The name, for people.
	ServiceName string `json:"serviceName,omitempty"`
	// Clients may be named by their alias.
	ClientIDAliasEnabled bool `json:"clientIdAliasEnabled,omitempty"`
}
