package wire

// ServiceTokenCreateRequest asks for an API token of one service.
type ServiceTokenCreateRequest struct {
	// The organization that owns the service; any number is accepted.
	OrganizationID int64 `json:"organizationId,omitempty"`
	// The API server that the service lives on; any number is accepted.
	APIServerID int64 `json:"apiServerId,omitempty"`
	// The service. Required.
	ServiceID int64 `json:"serviceId,omitempty"`
	// What the token is for, for people.
	Description string `json:"description,omitempty"`
	// The rights of the token. Absent = all rights that a token of one service can have. An extra
	// of this engine.
	Permissions []Permission `json:"permissions,omitempty"`
	// When the token stops working: milliseconds since the epoch, absent = never. An extra of this
	// engine.
	ExpiresAt int64 `json:"expiresAt,omitempty"`
	// SHA-256 thumbprint of the key that the token is bound to; every call must then prove it by DPoP.
	// Absent: a bearer token. An extra of this engine.
	DPoPKeyThumbprint string `json:"dpopKeyThumbprint,omitempty"`
}

// ServiceTokenCreateResponse is a new API token. It is shown once.
type ServiceTokenCreateResponse struct {
	Result
	// The token.
	AccessToken string `json:"accessToken,omitempty"`
	// The name of the token for update, rotate and revoke; not a secret.
	TokenID string `json:"tokenId,omitempty"`
	// The organization that owns the service.
	OrganizationID int64 `json:"organizationId,omitempty"`
	// The API server that the service lives on.
	APIServerID int64 `json:"apiServerId,omitempty"`
	// The service.
	ServiceID int64 `json:"serviceId,omitempty"`
	// What the token is for, for people.
	Description string `json:"description,omitempty"`
	// The rights of the token. An extra of this engine.
	Permissions []Permission `json:"permissions,omitempty"`
	// When the token stops working: milliseconds since the epoch, absent = never. An extra of this
	// engine.
	ExpiresAt int64 `json:"expiresAt,omitempty"`
	// SHA-256 thumbprint of the key that the token is bound to; every call must then prove it by DPoP.
	// Absent: a bearer token. An extra of this engine.
	DPoPKeyThumbprint string `json:"dpopKeyThumbprint,omitempty"`
}

// ServiceTokenRevokeRequest ends an API token of a service.
type ServiceTokenRevokeRequest struct {
	// The organization that owns the service; any number is accepted.
	OrganizationID int64 `json:"organizationId,omitempty"`
	// The API server that the service lives on; any number is accepted.
	APIServerID int64 `json:"apiServerId,omitempty"`
	// The service.
	ServiceID int64 `json:"serviceId,omitempty"`
	// The token, by the name that create answered. Required.
	TokenID string `json:"tokenId,omitempty"`
}
