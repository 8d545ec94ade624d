package wire

// ServiceListResponse is a part of the list of services that the caller may see.
type ServiceListResponse struct {
	Result
	// Index of the first service listed, from 0.
	Start int `json:"start"`
	// Index after the last service asked for.
	End int `json:"end"`
	// How many services there are in all.
	TotalCount int `json:"totalCount"`
	// The services; trimmed to apiKey, clientIdAliasEnabled, number and serviceName where the
	// token has no more right.
	Services []Service `json:"services,omitempty"`
}

// ClientListResponse is a part of the list of clients of a service.
type ClientListResponse struct {
	Result
	// Index of the first client listed, from 0.
	Start int `json:"start"`
	// Index after the last client asked for.
	End int `json:"end"`
	// The developer whose clients were asked for; absent = everybody's.
	Developer string `json:"developer,omitempty"`
	// How many clients there are in all.
	TotalCount int `json:"totalCount"`
	// The clients; trimmed to clientId, clientIdAlias, clientName, clientType and number where the
	// token has no more right.
	Clients []Client `json:"clients,omitempty"`
}
