package httpapi_test

import (
	"encoding/base64"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
)

// TestIssueLimits: the caller of issue cannot add openid, cannot forge what
// the engine controls, and cannot answer for a client that was locked.
func TestIssueLimits(t *testing.T) {
	t.Parallel()
	s := enginetest.Start(t).NewService(enginetest.With(enginetest.BaseService(), doc{"accessTokenSignAlg": "ES256"}))
	c := s.NewClient(enginetest.BaseClient())
	code := c.Issue(c.Ticket("scope", "read", "nonce", ""), doc{"scopes": []string{"openid", "read", "write"}})
	tok := c.Redeem(code, nil)
	if tok.Text("scopes") != `["read","write"]` || tok.Text("idToken") != "" {
		t.Errorf("openid was added: %s", tok.Body)
	}
	forged := c.Redeem(c.Issue(c.Ticket(), doc{
		"jwtAtClaims": `{"cnf":{"jkt":"x"},"sub":"root","client_id":"x","own":"kept"}`, "claims": `{"iss":"x","nonce":"x","name":"N"}`,
	}), nil)
	access, id := payload(t, forged.Text("jwtAccessToken")), payload(t, forged.Text("idToken"))
	if access["cnf"] != nil || access["sub"] != "1001" || access["client_id"] != c.ID || access["own"] != "kept" {
		t.Errorf("access token: %v", access)
	}
	if id["iss"] != "https://as.example" || id["nonce"] != "n" || id["name"] != "N" {
		t.Errorf("ID token: %v", id)
	}
	ticket := c.Ticket()
	s.Do("client/update/"+c.ID, enginetest.With(enginetest.BaseClient(), doc{"locked": true}))
	if a := s.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001"}); a.Text("action") != "BAD_REQUEST" {
		t.Errorf("the ticket of a locked client: %s", a.Body)
	}
	if s.Active(forged.Text("accessToken")) {
		t.Error("a token of a locked client is active")
	}
}

func payload(t *testing.T, jwt string) doc {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(jwt+"..", ".")[1])
	var d doc
	if err != nil || json.Unmarshal(raw, &d) != nil {
		t.Fatalf("no JWT: %q", jwt)
	}
	return d
}

// TestAuthTime: a login lies in the past, but for what clocks differ. What is
// far in the future are milliseconds, most of the time.
func TestAuthTime(t *testing.T) {
	t.Parallel()
	e := enginetest.Start(t)
	c := e.NewService(enginetest.BaseService()).NewClient(enginetest.BaseClient())
	now := e.Now()
	ticket := c.Ticket()
	for _, at := range []int64{-1, now.Unix() + 61, now.UnixMilli(), math.MaxInt64} {
		a := c.Do("auth/authorization/issue", doc{"ticket": ticket, "subject": "1001", "authTime": at})
		if a.Status != http.StatusBadRequest || !strings.Contains(a.Text("resultMessage"), "authTime") {
			t.Errorf("%d: %d %s", at, a.Status, a.Body)
		}
	}
	id := payload(t, c.Redeem(c.Issue(ticket, doc{"authTime": now.Unix() + 60}), nil).Text("idToken"))
	if id["auth_time"] != json.Number(strconv.FormatInt(now.Unix()+60, 10)) && id["auth_time"] != float64(now.Unix()+60) {
		t.Errorf("auth_time %v", id["auth_time"])
	}
}
