package compat

import (
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/authlete/authlete-go/dto"
)

// TestBodies: bodies and paths that clients not run here send.
func TestBodies(t *testing.T) {
	w := &wire{t: t}
	owner, _ := connect(w, "", "")
	service := ok[*dto.Service](t)(owner.CreateService(plainService()))
	a, _ := connect(w, strconv.FormatUint(service.ApiKey, 10), service.ApiSecret)
	client := ok[*dto.Client](t)(a.CreateClient(plainClient()))
	id := strconv.FormatUint(client.ClientId, 10)
	send := func(method, path, contentType string, body io.Reader) (int, doc) {
		t.Helper()
		q, err := http.NewRequestWithContext(t.Context(), method, engine+path, body)
		if err != nil {
			t.Fatal(err)
		}
		q.Header.Set("Content-Type", contentType)
		q.SetBasicAuth(strconv.FormatUint(service.ApiKey, 10), service.ApiSecret)
		r, err := (&http.Client{Transport: w}).Do(q)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		return r.StatusCode, object(t, w.last().answer)
	}
	const forms, JSON = "application/x-www-form-urlencoded", "application/json; charset=utf-8"
	inner := form("response_type", "code", "client_id", id, "state", "a b&c")

	status, d := send("POST", "/api/auth/authorization", forms, strings.NewReader(form("parameters", inner)))
	same(t, "an operation by form", []any{status, d["action"]}, []any{200, "INTERACTION"})
	status, d = send("POST", "/api/auth/authorization/", JSON, strings.NewReader(`{"parameters":"`+strings.ReplaceAll(inner, "&", `\u0026`)+`","context":null}`))
	same(t, "escapes, a null, a slash at the end", []any{status, d["action"]}, []any{200, "INTERACTION"})
	// A form cannot hold all of a client, and an update replaces the whole.
	status, d = send("POST", "/api/client/update/"+id, forms, strings.NewReader(form("clientName", "renamed")))
	same(t, "a client by form", []any{status, d["resultCode"]}, []any{415, "A901203"})
	same(t, "the client", ok[*dto.Client](t)(a.GetClient(id)), client)
	status, d = send("GET", "/api/service/configuration?pretty=True&patch=", JSON, http.NoBody)
	same(t, "a content type with GET, a flag in another case", []any{status, d["issuer"]}, []any{200, issuer})
	for _, path := range []string{"/api/null/service/get", "/api/None/client/get/list", "/api//service/get", "/api/0/service/get"} {
		status, d = send("GET", path, JSON, http.NoBody)
		same(t, path, []any{status, d["resultCode"]}, []any{404, "A901209"})
	}
}
