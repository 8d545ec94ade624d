package wire

// APITokenCreateRequest asks for an API token of one service or of the whole
// organization.
type APITokenCreateRequest struct {
	// The organization; any number is accepted.
	OrganizationID int64 `json:"organizationId,omitempty"`
	// The API server that the service lives on; any number is accepted.
	APIServerID int64 `json:"apiServerId,omitempty"`
	// The service. Required for a token of a service.
	ServiceID int64 `json:"serviceId,omitempty"`
	// What the token is for, for people.
	Description string `json:"description,omitempty"`
	// The rights of the token. Absent = all rights that such a token can have. An extra of this
	// engine.
	Permissions []Permission `json:"permissions,omitempty"`
	// When the token stops working: milliseconds since the epoch, absent = never. An extra of this
	// engine.
	ExpiresAt int64 `json:"expiresAt,omitempty"`
	// SHA-256 thumbprint of the key that the token is bound to; every call must then prove it by DPoP.
	// Absent: a bearer token. An extra of this engine.
	DPoPKeyThumbprint string `json:"dpopKeyThumbprint,omitempty"`
}

// APITokenRequest names an API token to update, rotate or revoke, or the
// service or organization whose tokens are listed.
type APITokenRequest struct {
	// The organization; any number is accepted.
	OrganizationID int64 `json:"organizationId,omitempty"`
	// The API server that the service lives on; any number is accepted.
	APIServerID int64 `json:"apiServerId,omitempty"`
	// The service. Required for a list of the tokens of a service; elsewhere, where present, the token
	// has to be one of that service.
	ServiceID int64 `json:"serviceId,omitempty"`
	// The token, by the name that create answered. Required but for a list.
	TokenID string `json:"tokenId,omitempty"`
	// What the token is for from now on. Of an update only.
	Description string `json:"description,omitempty"`
}

// APITokenResponse is an API token of a service or of the organization.
type APITokenResponse struct {
	Result
	// The token. It is shown when it is made or rotated, and never again.
	AccessToken string `json:"accessToken,omitempty"`
	// The name of the token for update, rotate and revoke; not a secret.
	TokenID string `json:"tokenId,omitempty"`
	// The organization, always 1.
	OrganizationID int64 `json:"organizationId,omitempty"`
	// The API server that the service lives on, always 1. Absent for a token of the organization.
	APIServerID int64 `json:"apiServerId,omitempty"`
	// The service. Absent for a token of the organization.
	ServiceID int64 `json:"serviceId,omitempty"`
	// What the token is for, for people.
	Description string `json:"description,omitempty"`
	// The rights of the token. An extra of this engine.
	Permissions []Permission `json:"permissions,omitempty"`
	// When the token was made: milliseconds since the epoch. An extra of this engine.
	CreatedAt int64 `json:"createdAt,omitempty"`
	// When the token stops working: milliseconds since the epoch, absent = never. An extra of this
	// engine.
	ExpiresAt int64 `json:"expiresAt,omitempty"`
	// SHA-256 thumbprint of the key that the token is bound to; every call must then prove it by DPoP.
	// Absent: a bearer token. An extra of this engine.
	DPoPKeyThumbprint string `json:"dpopKeyThumbprint,omitempty"`
}
