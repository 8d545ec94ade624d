package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// plan is a test plan of the suite with the variant that we run it in.
type plan struct {
	name    string // ours
	preset  preset // what service it is run against
	suite   string // the suite's name
	variant map[string]string
	modules int  // how many modules the suite makes of it
	dynamic bool // clients register themselves
}

// family is what the name of a plan begins with.
func (p *plan) family() string { family, _, _ := strings.Cut(p.name, "-"); return family }

// plans are all plans that must pass.
var plans = []*plan{
	{name: "oidc-config", preset: presetOpenID, suite: "oidcc-config-certification-test-plan", modules: 1},
	{name: "oidc-basic-static", preset: presetOpenID, suite: "oidcc-basic-certification-test-plan", modules: 35, variant: map[string]string{
		"server_metadata": "discovery", "client_registration": "static_client",
	}},
	{name: "oidc-basic-dynamic", preset: presetOpenID, suite: "oidcc-basic-certification-test-plan", modules: 38, dynamic: true, variant: map[string]string{
		"server_metadata": "discovery", "client_registration": "dynamic_client",
	}},
	{name: "oidc-formpost-dynamic", preset: presetOpenID, suite: "oidcc-formpost-basic-certification-test-plan", modules: 38, dynamic: true, variant: map[string]string{
		"server_metadata": "discovery", "client_registration": "dynamic_client",
	}},
	{name: "fapi2-openid", preset: presetFAPI2, suite: "fapi2-security-profile-final-test-plan", modules: 56, variant: fapi2Variant("openid_connect")},
	{name: "fapi2-oauth", preset: presetFAPI2, suite: "fapi2-security-profile-final-test-plan", modules: 50, variant: fapi2Variant("plain_oauth")},
}

func fapi2Variant(openid string) map[string]string {
	return map[string]string{
		"openid": openid, "client_auth_type": "private_key_jwt", "sender_constrain": "dpop",
		"fapi_profile": "plain_fapi", "authorization_request_type": "simple",
	}
}

// choose returns the plans of the given names, which may be families; all
// plans where none is given.
func choose(names []string) ([]*plan, error) {
	if len(names) == 0 {
		return plans, nil
	}
	var out []*plan
	for _, p := range plans {
		if slices.Contains(names, p.name) || slices.Contains(names, p.family()) {
			out = append(out, p)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(plans, func(p *plan) bool { return name == p.name || name == p.family() }) {
			return nil, fmt.Errorf("there is no plan %q; there are %s", name, strings.Join(planNames(), ", "))
		}
	}
	return out, nil
}

func planNames() []string {
	var names []string
	for _, p := range plans {
		names = append(names, p.name)
	}
	return names
}

// module is a module of a plan, as the suite tells it.
type module struct {
	Name    string            `json:"testModule"`
	Variant map[string]string `json:"variant"` // what the plan fixes for it

	label string // what we call it; unique in its plan
}

// label gives names to modules: where a plan has one several times, each
// carries its variant.
func label(modules []module) {
	times := map[string]int{}
	for _, m := range modules {
		times[m.Name]++
	}
	for i, m := range modules {
		modules[i].label = m.Name
		if times[m.Name] == 1 {
			continue
		}
		var variant []string
		for _, key := range slices.Sorted(maps.Keys(m.Variant)) {
			variant = append(variant, key+"="+m.Variant[key])
		}
		modules[i].label += " (" + strings.Join(variant, ", ") + ")"
	}
}

// sleeps are the modules that wait most of their time, by the ends of their
// names, and for how long.
var sleeps = map[string]time.Duration{
	"-ensure-token-endpoint-fails-with-expired-auth-code":              62 * time.Second,
	"-par-attempt-to-use-expired-request_uri":                          pushedLifetime + time.Second,
	"-codereuse-30seconds":                                             30 * time.Second,
	"-ensure-post-request-succeeds":                                    2 * time.Second,
	"-prompt-login":                                                    4 * time.Second,
	"-max-age-1":                                                       5 * time.Second,
	"-refresh-token":                                                   3 * time.Second,
	"-ensure-registered-redirect-uri":                                  2 * time.Second,
	"-attempt-reuse-authorization-code-after-one-second":               2 * time.Second,
	"-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds": 3 * time.Second,
}

// wait returns for how long the module sleeps.
func (m *module) wait() time.Duration {
	for end, wait := range sleeps {
		if strings.HasSuffix(m.Name, end) {
			return wait
		}
	}
	return 0
}

// limit is after which time a module is given up.
func (m *module) limit() time.Duration { return m.wait() + time.Minute }
