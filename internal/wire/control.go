package wire

// ControlServiceCreateRequest is what a control plane asks for a service.
type ControlServiceCreateRequest struct {
	// The organization; any number is accepted.
	OrganizationID int64 `json:"organizationId,omitempty"`
	// The API server that the service is to live on; any number is accepted.
	APIServerID int64 `json:"apiServerId,omitempty"`
	// The service. Absent = one of defaults.
	Service *Service `json:"service,omitempty"`
}

// ControlServiceRemoveRequest is what a control plane removes a service with.
type ControlServiceRemoveRequest struct {
	// The organization; any number is accepted.
	OrganizationID int64 `json:"organizationId,omitempty"`
	// The API server that the service lives on; any number is accepted.
	APIServerID int64 `json:"apiServerId,omitempty"`
	// The service. Required.
	ServiceID int64 `json:"serviceId,omitempty"`
}

// InfoResponse tells what this engine is.
type InfoResponse struct {
	// The version of the engine.
	Version string `json:"version,omitempty"`
	// What is built, by names that are the same in every version.
	Features []string `json:"features,omitempty"`
}

// ClientFlagUpdateRequest locks or unlocks a client.
type ClientFlagUpdateRequest struct {
	// Whether the client is locked from now on: it cannot authenticate, and its tokens are refused. Required.
	ClientLocked *bool `json:"clientLocked,omitempty"`
}

// ClientSecretUpdateRequest sets the secret of a client.
type ClientSecretUpdateRequest struct {
	// The new secret: 1 to 86 of A-Z, a-z, 0-9, hyphen and underscore. Required.
	ClientSecret string `json:"clientSecret,omitempty"`
}

// ClientSecretResponse tells the secret of a client before and after it was
// changed.
type ClientSecretResponse struct {
	Result
	// The secret from now on.
	NewClientSecret string `json:"newClientSecret,omitempty"`
	// The secret before, which no longer works.
	OldClientSecret string `json:"oldClientSecret,omitempty"`
}

// ServiceConfigurationRequest asks for the discovery document.
type ServiceConfigurationRequest struct {
	// Whether the document is to be indented.
	Pretty bool `json:"pretty,omitempty"`
	// A JSON Patch (RFC 6902) that is applied to the document. Absent = none.
	Patch string `json:"patch,omitempty"`
}
