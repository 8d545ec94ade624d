package demo

import (
	"fmt"
	"io"
)

// Greet says what is there: ten lines, and four commands to paste.
func (f *Folder) Greet(w io.Writer, s *Seeded, api string) error {
	_, err := fmt.Fprintf(w, `Symbolon demo, kept in %[1]s
  OpenID Connect   %[2]s
  FAPI 2.0         %[3]s   (certificate authority: %[1]s/%[4]s)
  Web API          %[5]s/api/%[6]d/… and /api/%[7]d/…
  users            john with password john, jane with password jane
  client           %[8]s: secret %[9]s, redirect to %[10]s
  client           %[11]s: public, PKCE, redirect to %[12]s
  client           %[13]s (FAPI): key in %[1]s/%[14]s, redirect to %[15]s
  root token       in %[1]s/%[16]s
Stop with Ctrl+C. The next start finds everything as it was; --reset begins anew.

Discovery:
  curl -s %[2]s/.well-known/openid-configuration
A token, by client credentials:
  TOKEN=$(curl -s -u %[8]s:%[9]s -d grant_type=client_credentials -d scope=accounts %[2]s/token | sed 's/.*"access_token":"\([^"]*\)".*/\1/'); echo $TOKEN
What a resource server learns about it:
  curl -s -u %[17]s:%[18]s -d token=$TOKEN %[2]s/introspect
A mistake, and how the Web API explains it:
  curl -s -H "Authorization: Bearer $(cat %[1]s/%[16]s)" -H 'Content-Type: application/json' -d '{"parameters":"response_type=code&client_id=%[13]s&redirect_uri=%[15]s"}' %[5]s/api/%[7]d/auth/authorization

`,
		f.dir, s.Issuers.Plain, s.Issuers.FAPI, caFile, api, s.Plain.Service, s.FAPI.Service,
		webClient, s.WebSecret, webCallback, spaClient, spaCallback, fapiClient, clientKeyFile, fapiCallback,
		rootTokenFile, IntrospectorName, IntrospectorSecret)
	return err
}
