package config

import (
	"errors"
	"time"
)

// Common are the settings of every command.
type Common struct {
	Config    string `name:"config" placeholder:"FILE" help:"Read settings from this YAML file. Its keys are the names of flags."`
	LogLevel  string `name:"log-level" enum:"debug,info,warn,error" default:"info" help:"Log from this level on: ${enum}."`
	LogFormat string `name:"log-format" enum:"text,json" default:"text" help:"How log lines look: ${enum}."`
}

// Database says where an engine keeps its state.
type Database struct {
	Database string `name:"database" placeholder:"URL" default:"sqlite:symbolon.db" group:"Engine" help:"Where everything is kept: sqlite:PATH, postgres://… or memory: (gone when the process ends)."`
}

// Engine are the settings of the engine.
type Engine struct {
	APIAddr       string   `name:"api-addr" placeholder:"HOST:PORT" default:"127.0.0.1:9070" group:"Engine" help:"Address on which the Web API is served."`
	APITLSCert    string   `name:"api-tls-cert" placeholder:"FILE" group:"Engine" help:"Certificate chain (PEM) of the Web API. With api-tls-key, the Web API is served over TLS."`
	APITLSKey     string   `name:"api-tls-key" placeholder:"FILE" group:"Engine" help:"Private key (PEM) of api-tls-cert."`
	MasterKey     string   `name:"master-key" placeholder:"BASE64" group:"Engine" help:"32 bytes that seal private keys and client secrets in the database. Better given in the environment or as master-key-file. SQLite makes a key file beside the database where neither is given; PostgreSQL does not start."`
	MasterKeyFile string   `name:"master-key-file" placeholder:"FILE" group:"Engine" help:"File that holds the master key in base64."`
	RootToken     string   `name:"root-token" placeholder:"TOKEN" group:"Engine" help:"The root credential of the Web API, at least 20 characters; it is not stored. Where it is not given, one is made and printed at the first start without it."`
	FetchCA       string   `name:"fetch-ca" placeholder:"FILE" group:"Engine" help:"Certificates (PEM) to trust, besides those of the system, where the engine fetches what clients keep at an address: request objects."`
	FetchNetworks []string `name:"fetch-networks" placeholder:"NETWORK" group:"Engine" help:"Private networks (CIDR) that the engine may fetch from; without any, only public addresses are asked."`
	MetricsAddr   string   `name:"metrics-addr" placeholder:"HOST:PORT" group:"Engine" help:"Address on which metrics are served for Prometheus, at /metrics and without credentials; none where it is not given."`
	TraceEndpoint string   `name:"trace-endpoint" placeholder:"URL" group:"Engine" help:"Collector that traces are sent to (OTLP over HTTP), such as http://localhost:4318/v1/traces; none where it is not given."`
	TraceRatio    float64  `name:"trace-ratio" placeholder:"SHARE" default:"1" group:"Engine" help:"Share of the calls that are traced, from 0 to 1, unless the caller has decided (traceparent)."`
	Migrate       bool     `name:"migrate" negatable:"" default:"true" group:"Engine" help:"Bring an older database schema up to date. With --no-migrate, an older schema is refused."`
}

// Access says how to reach the Web API of an engine.
type Access struct {
	API        string        `name:"api" placeholder:"URL" default:"http://127.0.0.1:9070" group:"Web API" help:"Address of the engine's Web API, without /api."`
	APICA      string        `name:"api-ca" placeholder:"FILE" group:"Web API" help:"Certificates (PEM) to trust for it, besides those of the system."`
	APITimeout time.Duration `name:"api-timeout" placeholder:"TIME" default:"10s" group:"Web API" help:"How long one call may take."`
	Token      string        `name:"token" placeholder:"TOKEN" group:"Web API" help:"API token for it. Better given in the environment or as token-file."`
	TokenFile  string        `name:"token-file" placeholder:"FILE" group:"Web API" help:"File that holds the API token."`
}

// OneService names a service of an engine.
type OneService struct {
	Service int64 `name:"service" placeholder:"ID" required:"" group:"Web API" help:"The service, by its id (apiKey)."`
}

// Front are the settings of the front.
type Front struct {
	Issuer        string        `name:"issuer" placeholder:"URL" required:"" group:"Front" help:"Issuer of the service, and the address under which everybody reaches the front."`
	FrontAddr     string        `name:"front-addr" placeholder:"HOST:PORT" default:"127.0.0.1:9080" group:"Front" help:"Address on which the front is served without TLS; empty for none."`
	BehindProxy   bool          `name:"front-behind-proxy" group:"Front" help:"Allow a front-addr that is not loopback, because a proxy in front of it does TLS."`
	FrontTLSAddr  string        `name:"front-tls-addr" placeholder:"HOST:PORT" default:"127.0.0.1:9443" group:"Front" help:"Address on which the front is served over TLS, where front-tls-cert is given."`
	FrontTLSCert  string        `name:"front-tls-cert" placeholder:"FILE" group:"Front" help:"Certificate chain (PEM) of the front."`
	FrontTLSKey   string        `name:"front-tls-key" placeholder:"FILE" group:"Front" help:"Private key (PEM) of front-tls-cert."`
	Users         string        `name:"users" placeholder:"FILE" group:"Front" help:"File of the end-users (YAML). Either it or login-url is needed."`
	LoginURL      string        `name:"login-url" placeholder:"URL" group:"Front" help:"Application that logs end-users in and asks for their consent in place of the front's own pages; browsers are sent there."`
	LoginSecret   string        `name:"login-secret" placeholder:"SECRET" group:"Front" help:"What that application authenticates with at the front, at least 20 characters. Better given in the environment or as login-secret-file."`
	LoginFile     string        `name:"login-secret-file" placeholder:"FILE" group:"Front" help:"File that holds the login secret."`
	Paths         []string      `name:"front-paths" placeholder:"NAME=PATH" group:"Front" help:"Where endpoints are served below the issuer, if not at their names: authorize, par, token, revoke, introspect, userinfo, resource, register, jwks; several are separated by commas."`
	Theme         string        `name:"front-theme" placeholder:"DIR" group:"Front" help:"Folder with pages, a stylesheet and texts that take the place of the front's own."`
	Proxies       []string      `name:"front-trusted-proxies" placeholder:"NETWORK" group:"Front" help:"Networks (CIDR) of the proxies in front of the front. The address that the last of them saw, in X-Forwarded-For, is what limits count, and their X-Request-Id is believed; without any, it is the address of the connection."`
	Rate          int           `name:"front-rate" placeholder:"N" default:"50" group:"Front" help:"Requests a second that one address may begin, at the authorization, pushed request and registration endpoints; ten times as many at once. 0 is no limit."`
	Registrations int           `name:"registration-rate" placeholder:"N" default:"20" group:"Front" help:"Clients a minute that one address may register, and as many at once; besides front-rate, and not where that is 0. 0 is no limit."`
	CookieKey     string        `name:"cookie-key" placeholder:"BASE64" group:"Front" help:"32 bytes that seal the front's cookies, the same for all fronts of a service. Where it is not given, one is made at each start, and logins end with the process."`
	CookieKeyFile string        `name:"cookie-key-file" placeholder:"FILE" group:"Front" help:"File that holds the cookie key in base64."`
	Session       time.Duration `name:"session-lifetime" placeholder:"TIME" default:"8h" group:"Front" help:"How long a login counts."`
	Introspectors []string      `name:"introspection-clients" placeholder:"NAME:SECRET" group:"Front" help:"Resource servers that may use the introspection endpoint; several are separated by commas. Without any, it refuses everybody."`
	Registration  string        `name:"registration-token" placeholder:"TOKEN" group:"Front" help:"What a client must present to register itself, as a bearer token (the initial access token of RFC 7591). Better given in the environment. Without it, anybody may register, if the service has dynamicRegistrationSupported."`
}

// Demo are the settings of the demonstration.
type Demo struct {
	Dir          string `name:"dir" placeholder:"DIR" default:"symbolon-demo" group:"Demo" help:"Folder that keeps everything."`
	APIAddr      string `name:"api-addr" placeholder:"HOST:PORT" default:"127.0.0.1:9070" group:"Engine" help:"Address on which the Web API is served."`
	FrontAddr    string `name:"front-addr" placeholder:"HOST:PORT" default:"127.0.0.1:9080" group:"Front" help:"Address on which the plain OpenID Connect service is served."`
	FrontTLSAddr string `name:"front-tls-addr" placeholder:"HOST:PORT" default:"127.0.0.1:9443" group:"Front" help:"Address on which the FAPI 2.0 service is served."`
	Reset        bool   `name:"reset" setting:"-" help:"Begin anew: delete what an earlier demonstration left in the folder."`
	Once         bool   `name:"once" setting:"-" help:"Walk through one complete flow, step by step, in memory, and end."`
}

// APIToken returns the API token, from wherever it is given.
func (a *Access) APIToken() (string, error) {
	if a.Token != "" {
		return a.Token, nil
	}
	if a.TokenFile == "" {
		return "", errors.New("token: there is no API token; set SYMBOLON_TOKEN or --token-file")
	}
	return ReadSecret("token-file", a.TokenFile)
}
