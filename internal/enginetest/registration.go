package enginetest

import "encoding/json"

// RegisteringService is QuickService whose clients register themselves.
func RegisteringService() Doc {
	return With(QuickService(), Doc{
		"dynamicRegistrationSupported": true, "unauthorizedOnClientConfigSupported": true, "registrationEndpoint": "https://as.example/register",
	})
}

// Metadata is what a client needs at least to register; members are laid over
// it.
func Metadata(members Doc) Doc {
	return With(Doc{"redirect_uris": []string{Redirect}}, members)
}

// Register registers a client.
func (s *Service) Register(metadata Doc) *Answer {
	s.T.Helper()
	return s.Do("client/registration", Doc{"json": s.json(metadata)})
}

// Registered registers a client that must be taken, and returns its client
// information response.
func (s *Service) Registered(metadata Doc) Doc {
	s.T.Helper()
	a := s.Register(metadata)
	if a.Text("action") != "CREATED" {
		s.T.Fatalf("not registered: %d %s", a.Status, a.Body)
	}
	return a.Content(s.T)
}

// Manage gets, updates or deletes a registration with its own token. metadata
// is the body of an update.
func (s *Service) Manage(operation string, registered, metadata Doc) *Answer {
	s.T.Helper()
	call := Doc{"clientId": registered["client_id"], "token": registered["registration_access_token"]}
	if metadata != nil {
		call["json"] = s.json(metadata)
	}
	return s.Do("client/registration/"+operation, call)
}

func (s *Service) json(d Doc) string {
	s.T.Helper()
	b, err := json.Marshal(d)
	if err != nil {
		s.T.Fatal(err)
	}
	return string(b)
}
