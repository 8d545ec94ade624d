package demo

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/symbolon-auth/symbolon/internal/webapi"
)

// party is a client with its user's browser: what it takes to talk to a front
// as they do.
type party struct {
	ctx      context.Context
	http     *http.Client
	issuer   string
	key      *ClientKey
	metadata metadata
}

// metadata is what discovery tells.
type metadata struct {
	Issuer        string `json:"issuer"`
	Authorization string `json:"authorization_endpoint"`
	PAR           string `json:"pushed_authorization_request_endpoint"`
	Token         string `json:"token_endpoint"`
	UserInfo      string `json:"userinfo_endpoint"`
	Introspection string `json:"introspection_endpoint"`
	Revocation    string `json:"revocation_endpoint"`
	JWKS          string `json:"jwks_uri"`
	PushedOnly    bool   `json:"require_pushed_authorization_requests"`
}

func newParty(ctx context.Context, front http.Handler, issuer string, key *ClientKey) (*party, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	return &party{ctx: ctx, issuer: issuer, key: key, http: &http.Client{
		Transport: webapi.Direct(front), Jar: jar, Timeout: webapi.DefaultTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// reply is an answer that was read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// send sends one request. A body is sent as a form.
func (p *party) send(method, address string, body url.Values, header http.Header) (*reply, error) {
	r, err := http.NewRequestWithContext(p.ctx, method, address, strings.NewReader(body.Encode()))
	if err != nil {
		return nil, err
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := p.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	return &reply{resp.StatusCode, resp.Header, text}, err
}

// follow follows a redirect to a page of the front and reads its form.
func (p *party) follow(from *reply) (*form, error) {
	address := from.header.Get("Location")
	if !strings.HasPrefix(address, p.issuer+"/") {
		return nil, fmt.Errorf("the answer was %d to %q", from.status, address)
	}
	page, err := p.send(http.MethodGet, address, nil, nil)
	if err != nil {
		return nil, err
	}
	return parseForm(string(page.body))
}

// submit presses a button of a form.
func (p *party) submit(f *form, button string, fill ...string) (*reply, error) {
	values := url.Values{button: {"true"}}
	for name, value := range f.fields {
		values.Set(name, value)
	}
	for i := 0; i+1 < len(fill); i += 2 {
		values.Set(fill[i], fill[i+1])
	}
	return p.send(http.MethodPost, f.action, values, nil)
}

// postAsClient posts with a client assertion and a DPoP proof.
func (p *party) postAsClient(address string, body url.Values, into any) error {
	now := time.Now().Unix()
	assertion, err := p.key.sign("", map[string]any{
		"iss": fapiClient, "sub": fapiClient, "aud": p.issuer, "jti": rand.Text(), "iat": now, "exp": now + 60,
	}, nil)
	if err != nil {
		return err
	}
	body.Set("client_id", fapiClient)
	body.Set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
	body.Set("client_assertion", assertion)
	header, err := p.dpopHeader(http.MethodPost, address, "")
	if err != nil {
		return err
	}
	return p.postJSON(address, body, header, into)
}

// dpopHeader returns a header with a proof for one request (RFC 9449 §4.2).
func (p *party) dpopHeader(method, address, accessToken string) (http.Header, error) {
	jwk, err := p.key.jwk()
	if err != nil {
		return nil, err
	}
	claims := map[string]any{"jti": rand.Text(), "htm": method, "htu": address, "iat": time.Now().Unix()}
	if accessToken != "" {
		hash := sha256.Sum256([]byte(accessToken))
		claims["ath"] = base64.RawURLEncoding.EncodeToString(hash[:])
	}
	proof, err := p.key.sign("dpop+jwt", claims, map[string]any{"jwk": jwk})
	return http.Header{"Dpop": {proof}}, err
}

func (p *party) getJSON(address string, header http.Header, into any) error {
	return p.exchange(http.MethodGet, address, nil, header, into)
}

func (p *party) postJSON(address string, body url.Values, header http.Header, into any) error {
	return p.exchange(http.MethodPost, address, body, header, into)
}

// exchange sends a request and reads the JSON of the answer, if it is wanted.
func (p *party) exchange(method, address string, body url.Values, header http.Header, into any) error {
	answer, err := p.send(method, address, body, header)
	switch {
	case err != nil:
		return err
	case answer.status >= 300:
		return fmt.Errorf("%s %s answered %d %s %s", method, address, answer.status, answer.header.Get("WWW-Authenticate"), answer.body)
	case into == nil:
		return nil
	}
	return json.Unmarshal(answer.body, into)
}

// form is the form of a page.
type form struct {
	action string
	fields map[string]string
}

func (f *form) has(name string) bool {
	_, ok := f.fields[name]
	return ok
}

var (
	formTag  = regexp.MustCompile(`<form method="post" action="([^"]*)"`)
	inputTag = regexp.MustCompile(`<input [^>]*>`)
	nameOf   = regexp.MustCompile(` name="([^"]*)"`)
	valueOf  = regexp.MustCompile(` value="([^"]*)"`)
)

// parseForm reads the form of a page of the front, which is our own.
func parseForm(page string) (*form, error) {
	m := formTag.FindStringSubmatch(page)
	if m == nil {
		return nil, fmt.Errorf("the page has no form: %.300s", page)
	}
	f := &form{action: html.UnescapeString(m[1]), fields: map[string]string{}}
	for _, tag := range inputTag.FindAllString(page, -1) {
		name, value := nameOf.FindStringSubmatch(tag), valueOf.FindStringSubmatch(tag)
		if name == nil {
			continue
		}
		f.fields[name[1]] = ""
		if value != nil {
			f.fields[name[1]] = html.UnescapeString(value[1])
		}
	}
	return f, nil
}
