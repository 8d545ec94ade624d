package policy

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/symbolon-auth/symbolon/internal/spec"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// fapi2Clauses is what each clause of the FAPI 2.0 Security Profile changes
// in a policy that nobody else has demanded anything of.
var fapi2Clauses = map[spec.Ref]func(*Policy){
	// Only the grants that are built are left of those it allows.
	"FAPI2-SP-FINAL-5.3.2.1-2": func(*Policy) {},
	"FAPI2-SP-FINAL-5.3.2.1-3": func(p *Policy) { p.ConfidentialOnly.On = true },
	"FAPI2-SP-FINAL-5.3.2.1-4": func(p *Policy) { p.SenderConstrained.On = true },
	"FAPI2-SP-FINAL-5.3.2.1-6": func(p *Policy) {
		p.AuthMethods.Values = []wire.ClientAuthMethod{wire.ClientAuthMethodPrivateKeyJWT}
	},
	"FAPI2-SP-FINAL-5.3.2.1-8":  func(p *Policy) { p.AssertionAudience.Value = IssuerAudience },
	"FAPI2-SP-FINAL-5.3.2.1-9":  func(p *Policy) { p.RefreshRotation.Value = Keep },
	"FAPI2-SP-FINAL-5.3.2.1-11": func(p *Policy) { p.CodeLifetime.Value = 60 },
	// Only the response type that is built is what it allows.
	"FAPI2-SP-FINAL-5.3.2.2-1":  func(*Policy) {},
	"FAPI2-SP-FINAL-5.3.2.2-3":  func(p *Policy) { p.PushedOnly.On = true },
	"FAPI2-SP-FINAL-5.3.2.2-5":  func(p *Policy) { p.PKCE.On, p.S256Only.On = true, true },
	"FAPI2-SP-FINAL-5.3.2.2-6":  func(p *Policy) { p.RedirectURIRequired.On = true },
	"FAPI2-SP-FINAL-5.3.2.2-7":  func(p *Policy) { p.ResponseIssuer.On = true },
	"FAPI2-SP-FINAL-5.3.2.2-8":  func(p *Policy) { p.SecureRedirects.On = true },
	"FAPI2-SP-FINAL-5.3.2.2-12": func(p *Policy) { p.PushedLifetime.Value = 599 },
	"FAPI2-SP-FINAL-5.4.1-1": func(p *Policy) {
		algs := []wire.JWSAlg{wire.JWSAlgES256, wire.JWSAlgPS256, wire.JWSAlgEdDSA}
		p.AssertionAlgs.Values, p.ObjectAlgs.Values, p.DPoPAlgs.Values, p.IDTokenAlgs.Values, p.AccessAlgs.Values = algs, algs, algs, algs, algs
	},
}

// TestFAPI2ClauseByClause: a clause changes what it says, nothing else, and
// is named by what it changed.
func TestFAPI2ClauseByClause(t *testing.T) {
	t.Parallel()
	seen := map[spec.Ref]bool{}
	for _, d := range fapi2Security {
		change := fapi2Clauses[d.ref]
		if change == nil || seen[d.ref] {
			t.Errorf("%s: not in the truth table, or twice in the profile", d.ref)
			continue
		}
		seen[d.ref] = true
		got, want := defaults(), defaults()
		d.meet(&got, Source{Switch: "test", Ref: d.ref})
		change(&want)
		if g, w := anonymous(got), anonymous(want); !reflect.DeepEqual(g, w) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", d.ref, g, w)
		}
		before := defaults()
		eachField(&got, func(name string, value reflect.Value, by []Source) {
			old := reflect.ValueOf(&before).Elem().FieldByName(name).Field(0)
			changed := !reflect.DeepEqual(value.Interface(), old.Interface())
			if named := slices.Contains(by, Source{Switch: "test", Ref: d.ref}); named != changed {
				t.Errorf("%s: %s changed: %v, names the clause: %v", d.ref, name, changed, named)
			}
		})
	}
	for ref := range fapi2Clauses {
		if !seen[ref] {
			t.Errorf("%s is not in the profile", ref)
		}
	}
}

// TestFAPI2: what the profile amounts to, for a service and client that have
// left everything open.
func TestFAPI2(t *testing.T) {
	t.Parallel()
	p := Fold(Input{
		Service: &wire.Service{}, Modes: []wire.FAPIMode{wire.FAPIModeFAPI2Security}, Switch: "service.fapiModes",
		Client: &wire.Client{
			GrantTypes:      []wire.GrantType{wire.GrantTypeAuthorizationCode, wire.GrantTypeImplicit},
			TokenAuthMethod: wire.ClientAuthMethodPrivateKeyJWT, IDTokenSignAlg: wire.JWSAlgES256,
		},
	})
	for name, holds := range map[string]bool{
		"flags": p.ConfidentialOnly.On && p.PushedOnly.On && p.PKCE.On && p.S256Only.On && p.SenderConstrained.On &&
			p.RedirectURIRequired.On && p.SecureRedirects.On && p.ResponseIssuer.On,
		"no other flags": !p.DPoP.On && !p.DPoPNonce.On && !p.ScopeRequired.On,
		"no implicit":    slices.Equal(p.GrantTypes.Values, []wire.GrantType{wire.GrantTypeAuthorizationCode}),
		"audience":       p.AssertionAudience.Value == IssuerAudience,
		"no rotation":    p.RefreshRotation.Value == Keep,
		"lifetimes":      p.CodeLifetime.Value == 60 && p.PushedLifetime.Value == 599 && p.AccessLifetime.Value == DefaultAccess,
		"algorithms":     slices.Equal(p.IDTokenAlgs.Values, []wire.JWSAlg{wire.JWSAlgES256}),
	} {
		if !holds {
			t.Errorf("%s: %+v", name, p)
		}
	}
	if s := p.PushedOnly.By[0].String(); s != "service.fapiModes FAPI2_SECURITY (FAPI2-SP-FINAL-5.3.2.2-3)" {
		t.Errorf("the demander is called %q", s)
	}
	if Built(wire.FAPIModeFAPI1Advanced) || !Built(wire.FAPIModeFAPI2Security) {
		t.Error("what is built is not what is built")
	}
}

// TestDefaults: what holds where nobody demands anything.
func TestDefaults(t *testing.T) {
	t.Parallel()
	p := Fold(Input{Service: &wire.Service{IssSuppressed: true, TraditionalRequestObjectProcessingApplied: true}})
	if p.CodeLifetime.Value != 600 || p.PushedLifetime.Value != 600 || p.AccessLifetime.Value != 86400 ||
		p.RefreshLifetime.Value != 864000 || p.IDTokenLifetime.Value != 86400 {
		t.Errorf("lifetimes: %+v", p)
	}
	eachField(p, func(name string, value reflect.Value, by []Source) {
		if value.Kind() == reflect.Bool && value.Bool() || len(by) > 0 {
			t.Errorf("%s is demanded by %v", name, by)
		}
	})
}

// TestSwitches: every switch of a service, client and scope reaches its
// field, and is named there.
func TestSwitches(t *testing.T) {
	t.Parallel()
	code := wire.GrantTypeAuthorizationCode
	open := func() *wire.Client {
		return &wire.Client{GrantTypes: BuiltGrantTypes, TokenAuthMethod: wire.ClientAuthMethodNone, IDTokenSignAlg: wire.JWSAlgES256}
	}
	client := func(f func(*wire.Client)) Input {
		c := open()
		f(c)
		return Input{Service: &wire.Service{}, Client: c}
	}
	scope := func(key string) Input {
		return Input{Service: &wire.Service{}, Scopes: []*wire.Scope{{Name: "s", Attributes: []wire.Pair{{Key: key, Value: "7"}}}}}
	}
	for by, x := range map[string]struct {
		in    Input
		field string
		value any
	}{
		"service.supportedGrantTypes":                       {Input{Service: &wire.Service{SupportedGrantTypes: []wire.GrantType{code}}}, "GrantTypes", []wire.GrantType{code}},
		"service.supportedResponseTypes":                    {Input{Service: &wire.Service{SupportedResponseTypes: []wire.ResponseType{wire.ResponseTypeToken}}}, "ResponseTypes", []wire.ResponseType{}},
		"service.supportedTokenAuthMethods":                 {Input{Service: &wire.Service{SupportedTokenAuthMethods: []wire.ClientAuthMethod{wire.ClientAuthMethodNone}}}, "AuthMethods", []wire.ClientAuthMethod{wire.ClientAuthMethodNone}},
		"service.accessTokenSignAlg":                        {Input{Service: &wire.Service{AccessTokenSignAlg: wire.JWSAlgES256}}, "AccessAlgs", []wire.JWSAlg{wire.JWSAlgES256}},
		"service.parRequired":                               {Input{Service: &wire.Service{PARRequired: true}}, "PushedOnly", true},
		"service.requestObjectRequired":                     {Input{Service: &wire.Service{RequestObjectRequired: true}}, "ObjectRequired", true},
		"service.requestObjectAudienceChecked":              {Input{Service: &wire.Service{RequestObjectAudienceChecked: true}}, "ObjectAudience", true},
		"service.traditionalRequestObjectProcessingApplied": {Input{Service: &wire.Service{}}, "ObjectAlone", true},
		"client.requestObjectRequired":                      {client(func(c *wire.Client) { c.RequestObjectRequired = true }), "ObjectRequired", true},
		"service.pkceRequired":                              {Input{Service: &wire.Service{PKCERequired: true}}, "PKCE", true},
		"service.pkceS256Required":                          {Input{Service: &wire.Service{PKCES256Required: true}}, "S256Only", true},
		"service.dpopNonceRequired":                         {Input{Service: &wire.Service{DPoPNonceRequired: true}}, "DPoPNonce", true},
		"service.scopeRequired":                             {Input{Service: &wire.Service{ScopeRequired: true}}, "ScopeRequired", true},
		"service.issSuppressed":                             {Input{Service: &wire.Service{}}, "ResponseIssuer", true},
		"service.clientAssertionAudRestrictedToIssuer":      {Input{Service: &wire.Service{ClientAssertionAudRestrictedToIssuer: true}}, "AssertionAudience", IssuerAudience},
		"service.refreshTokenKept":                          {Input{Service: &wire.Service{RefreshTokenKept: true}}, "RefreshRotation", Keep},
		"service.authorizationCodeDuration":                 {Input{Service: &wire.Service{AuthorizationCodeDuration: 7}}, "CodeLifetime", int64(7)},
		"service.pushedAuthReqDuration":                     {Input{Service: &wire.Service{PushedAuthReqDuration: 7}}, "PushedLifetime", int64(7)},
		"service.accessTokenDuration":                       {Input{Service: &wire.Service{AccessTokenDuration: 7}}, "AccessLifetime", int64(7)},
		"service.refreshTokenDuration":                      {Input{Service: &wire.Service{RefreshTokenDuration: 7}}, "RefreshLifetime", int64(7)},
		"service.idTokenDuration":                           {Input{Service: &wire.Service{IDTokenDuration: 7}}, "IDTokenLifetime", int64(7)},
		"client.grantTypes":                                 {client(func(c *wire.Client) { c.GrantTypes = []wire.GrantType{code} }), "GrantTypes", []wire.GrantType{code}},
		"client.tokenAuthMethod":                            {client(func(*wire.Client) {}), "AuthMethods", []wire.ClientAuthMethod{wire.ClientAuthMethodNone}},
		"client.tokenAuthSignAlg":                           {client(func(c *wire.Client) { c.TokenAuthSignAlg = wire.JWSAlgPS256 }), "AssertionAlgs", []wire.JWSAlg{wire.JWSAlgPS256}},
		"client.responseModes":                              {client(func(c *wire.Client) { c.ResponseModes = []wire.ResponseMode{wire.ResponseModeQuery} }), "ResponseModes", []wire.ResponseMode{wire.ResponseModeQuery}},
		"client.idTokenSignAlg":                             {client(func(*wire.Client) {}), "IDTokenAlgs", []wire.JWSAlg{wire.JWSAlgES256}},
		"client.parRequired":                                {client(func(c *wire.Client) { c.PARRequired = true }), "PushedOnly", true},
		"client.pkceRequired":                               {client(func(c *wire.Client) { c.PKCERequired = true }), "PKCE", true},
		"client.pkceS256Required":                           {client(func(c *wire.Client) { c.PKCES256Required = true }), "S256Only", true},
		"client.dpopRequired":                               {client(func(c *wire.Client) { c.DPoPRequired = true }), "DPoP", true},
		"client.extension.accessTokenDuration":              {client(func(c *wire.Client) { c.Extension = &wire.ClientExtension{AccessTokenDuration: 7} }), "AccessLifetime", int64(7)},
		"client.extension.refreshTokenDuration":             {client(func(c *wire.Client) { c.Extension = &wire.ClientExtension{RefreshTokenDuration: 7} }), "RefreshLifetime", int64(7)},
		"client.extension.idTokenDuration":                  {client(func(c *wire.Client) { c.Extension = &wire.ClientExtension{IDTokenDuration: 7} }), "IDTokenLifetime", int64(7)},
		"scope s access_token.duration":                     {scope("access_token.duration"), "AccessLifetime", int64(7)},
		"scope s refresh_token.duration":                    {scope("refresh_token.duration"), "RefreshLifetime", int64(7)},
		"scope s id_token.duration":                         {scope("id_token.duration"), "IDTokenLifetime", int64(7)},
	} {
		found := false
		eachField(Fold(x.in), func(name string, value reflect.Value, sources []Source) {
			if name == x.field {
				found = slices.Contains(sources, Source{Switch: by}) && reflect.DeepEqual(value.Interface(), x.value)
				if !found {
					t.Errorf("%s: %s is %v by %v", by, name, value, sources)
				}
			}
		})
		if !found {
			t.Errorf("%s does not reach %s", by, x.field)
		}
	}
}

// TestShortestLifetime: of several lifetimes the shortest counts; zero is
// none.
func TestShortestLifetime(t *testing.T) {
	t.Parallel()
	p := Fold(Input{
		Service: &wire.Service{AccessTokenDuration: 100, RefreshTokenDuration: 100, AuthorizationCodeDuration: 30, PushedAuthReqDuration: 900},
		Client:  &wire.Client{Extension: &wire.ClientExtension{AccessTokenDuration: 50}},
		Scopes:  []*wire.Scope{{Name: "s", Attributes: []wire.Pair{{Key: "access_token.duration", Value: "70"}, {Key: "refresh_token.duration", Value: "0"}}}},
		Modes:   []wire.FAPIMode{wire.FAPIModeFAPI2Security},
	})
	if p.AccessLifetime.Value != 50 || p.AccessLifetime.By.Switch != "client.extension.accessTokenDuration" {
		t.Errorf("access tokens: %+v", p.AccessLifetime)
	}
	if p.RefreshLifetime.Value != 100 || p.CodeLifetime.Value != 30 || p.PushedLifetime.Value != 599 {
		t.Errorf("others: %+v %+v %+v", p.RefreshLifetime, p.CodeLifetime, p.PushedLifetime)
	}
}

// TestEmptyMeet: where nothing is left, all who could not agree are named.
func TestEmptyMeet(t *testing.T) {
	t.Parallel()
	c := &wire.Client{GrantTypes: BuiltGrantTypes, TokenAuthMethod: wire.ClientAuthMethodClientSecretBasic, IDTokenSignAlg: wire.JWSAlgRS256}
	p := Fold(Input{Service: &wire.Service{}, Client: c, Modes: []wire.FAPIMode{wire.FAPIModeFAPI2Security}, Switch: "service.fapiModes"})
	if len(p.AuthMethods.Values) != 0 || !names(p.AuthMethods.By, "client.tokenAuthMethod", "service.fapiModes FAPI2_SECURITY") {
		t.Errorf("authentication methods: %+v", p.AuthMethods)
	}
	if len(p.IDTokenAlgs.Values) != 0 || !names(p.IDTokenAlgs.By, "client.idTokenSignAlg", "service.fapiModes FAPI2_SECURITY") {
		t.Errorf("algorithms: %+v", p.IDTokenAlgs)
	}
	s := &wire.Service{SupportedTokenAuthMethods: []wire.ClientAuthMethod{wire.ClientAuthMethodPrivateKeyJWT}}
	p = Fold(Input{Service: s, Client: c})
	if len(p.AuthMethods.Values) != 0 || !names(p.AuthMethods.By, "client.tokenAuthMethod", "service.supportedTokenAuthMethods") {
		t.Errorf("authentication methods: %+v", p.AuthMethods)
	}
}

func names(by []Source, switches ...string) bool {
	for _, s := range switches {
		if !slices.ContainsFunc(by, func(x Source) bool { return x.Switch == s }) {
			return false
		}
	}
	return len(by) == len(switches)
}

// FuzzOrder folds demands in one order and in another, some of them twice.
func FuzzOrder(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, seed))
		demands := someDemands(r)
		one, other := defaults(), defaults()
		for _, d := range demands {
			d(&one)
		}
		r.Shuffle(len(demands), func(i, j int) { demands[i], demands[j] = demands[j], demands[i] })
		for _, d := range append(demands, demands[:r.IntN(len(demands)+1)]...) {
			d(&other)
		}
		if a, b := sorted(one), sorted(other); !reflect.DeepEqual(a, b) {
			t.Errorf("the order matters, or who demands twice:\n%+v\n%+v", a, b)
		}
	})
}

// FuzzNamed: those who are named suffice to explain what is left of a set.
func FuzzNamed(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		r := rand.New(rand.NewPCG(seed, seed))
		limits := map[Source][]wire.JWSAlg{}
		s := of(BuiltSignAlgs)
		for i := range r.IntN(5) {
			by := Source{Switch: string(rune('a' + i))}
			limits[by] = some(r, BuiltSignAlgs)
			s.Limit(by, limits[by]...)
		}
		again := of(BuiltSignAlgs)
		for _, by := range s.By {
			again.Limit(by, limits[by]...)
		}
		if !slices.Equal(again.Values, s.Values) {
			t.Errorf("%v is left, but those who are named leave %v", s.Values, again.Values)
		}
	})
}

// someDemands makes the demands of random services, clients, scopes, and the
// clauses of a profile.
func someDemands(r *rand.Rand) []func(*Policy) {
	var out []func(*Policy)
	for range r.IntN(3) {
		s := &wire.Service{
			SupportedGrantTypes: some(r, BuiltGrantTypes), SupportedTokenAuthMethods: some(r, BuiltAuthMethods),
			SupportedResponseTypes: some(r, BuiltResponseTypes), PARRequired: flip(r), PKCERequired: flip(r), PKCES256Required: flip(r),
			DPoPNonceRequired: flip(r), ScopeRequired: flip(r), IssSuppressed: flip(r), ClientAssertionAudRestrictedToIssuer: flip(r),
			RefreshTokenKept: flip(r), AuthorizationCodeDuration: lifetime(r), PushedAuthReqDuration: lifetime(r),
			AccessTokenDuration: lifetime(r), RefreshTokenDuration: lifetime(r), IDTokenDuration: lifetime(r),
		}
		if flip(r) {
			s.AccessTokenSignAlg = BuiltSignAlgs[r.IntN(len(BuiltSignAlgs))]
		}
		out = append(out, func(p *Policy) { p.service(s) })
	}
	for range r.IntN(3) {
		c := &wire.Client{
			GrantTypes: some(r, BuiltGrantTypes), TokenAuthMethod: BuiltAuthMethods[r.IntN(len(BuiltAuthMethods))],
			TokenAuthSignAlg: BuiltVerifyAlgs[r.IntN(len(BuiltVerifyAlgs))], ResponseModes: some(r, BuiltResponseModes),
			IDTokenSignAlg: BuiltSignAlgs[r.IntN(len(BuiltSignAlgs))], PARRequired: flip(r), PKCERequired: flip(r), PKCES256Required: flip(r),
			DPoPRequired: flip(r), Extension: &wire.ClientExtension{AccessTokenDuration: lifetime(r), RefreshTokenDuration: lifetime(r), IDTokenDuration: lifetime(r)},
		}
		out = append(out, func(p *Policy) { p.client(c) })
	}
	for _, key := range []string{"access_token.duration", "refresh_token.duration", "id_token.duration"} {
		sc := &wire.Scope{Name: string(rune('a' + r.IntN(3))), Attributes: []wire.Pair{{Key: key, Value: string(rune('1' + r.IntN(3)))}}}
		out = append(out, func(p *Policy) { p.scope(sc) })
	}
	for _, d := range fapi2Security {
		if flip(r) {
			out = append(out, func(p *Policy) { d.meet(p, Source{Switch: "modes", Ref: d.ref}) })
		}
	}
	return out
}

func flip(r *rand.Rand) bool { return r.IntN(2) == 0 }

// lifetime makes lifetimes of which many are equal.
func lifetime(r *rand.Rand) int64 { return int64(r.IntN(4)) }

func some[T any](r *rand.Rand, all []T) []T {
	var out []T
	for _, v := range all {
		if flip(r) {
			out = append(out, v)
		}
	}
	return out
}

// eachField visits the fields of a policy: their value and who is named.
func eachField(p *Policy, visit func(name string, value reflect.Value, by []Source)) {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		var by []Source
		switch x := v.Field(i).FieldByName("By").Interface().(type) {
		case []Source:
			by = x
		case Source:
			if x != (Source{}) {
				by = []Source{x}
			}
		}
		visit(v.Type().Field(i).Name, v.Field(i).Field(0), by)
	}
}

// anonymous is a policy's values without those who demanded them.
func anonymous(p Policy) map[string]any {
	out := map[string]any{}
	eachField(&p, func(name string, value reflect.Value, _ []Source) { out[name] = value.Interface() })
	return out
}

// sorted is a policy's values with those who are named, in order.
func sorted(p Policy) map[string]any {
	out := map[string]any{}
	eachField(&p, func(name string, value reflect.Value, by []Source) {
		by = slices.Clone(by)
		slices.SortFunc(by, func(a, b Source) int { return cmp.Compare(a.String(), b.String()) })
		out[name] = []any{value.Interface(), by}
	})
	return out
}
