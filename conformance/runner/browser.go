package main

import "strings"

// What the suite's browser does on our pages, which know no script: the
// element ids are those of the front's templates. The browser of a module is
// configured by the beginning of the address that it is sent to, and then
// works through tasks; one that is optional is left out where the address
// does not match. Addresses are compared as a whole, query included, so that
// every pattern begins with an origin.

const (
	userName = "john"
	password = "john"

	waitSeconds = 10
)

// pages are the addresses that the browser meets.
type pages struct {
	authorize, interaction, callback string
}

func pagesOf(issuer, suite string) pages {
	return pages{issuer + "/authorize*", issuer + "/interaction/*", suite + "/test/*"}
}

// typeIn fills in the login, which is not there where somebody is signed in.
var typeIn = []command{
	{"text", "id", "loginId", userName, "optional"},
	{"text", "id", "password", password, "optional"},
}

func click(button string) command { return command{"click", "id", button} }

// look waits for a heading, and hands the page to the suite where it asked to
// see one.
func look(heading string) command {
	return command{"wait", "css", "h1", waitSeconds, heading, "update-image-placeholder-optional"}
}

func task(name, match string, optional bool, commands ...command) object {
	return object{"task": name, "match": match, "optional": optional, "commands": commands}
}

// signIn gets from the first page to the second, or, where somebody is signed
// in, past the only one.
func (p pages) signIn() object {
	return p.page("Sign in", append(typeIn, click("authorize-button"))...)
}

func (p pages) consent() object { return p.page("Consent", click("authorize-button")) }

func (p pages) page(name string, commands ...command) object {
	return task(name, p.interaction, true, commands...)
}

func (p pages) arrive() object {
	return task("Return to the client", p.callback, false, command{"wait", "id", "submission_complete", waitSeconds})
}

// refused is the page that tells that a request cannot be answered.
func (p pages) refused() object {
	return task("Refused", p.authorize, false, look("This request cannot be answered"))
}

func (p pages) visit(tasks ...object) object { return object{"match": p.authorize, "tasks": tasks} }

// once lets a visit count for the first time only.
func once(visit object) object {
	visit["match-limit"] = 1
	return visit
}

// ordinary is what happens unless a module wants something else.
func (p pages) ordinary() object {
	return p.visit(p.signIn(), p.consent(), p.arrive())
}

// overrides are the modules that want something else.
func (p pages) overrides() object {
	seen := p.visit(p.page("Look", look("Sign in")), p.signIn(), p.consent(), p.arrive())
	const fapi2 = "fapi2-security-profile-final-"
	out := object{}
	for name, visits := range map[string][]object{
		"oidcc-prompt-login":                   {seen},
		"oidcc-max-age-1":                      {seen},
		"oidcc-ensure-registered-redirect-uri": {p.visit(p.refused())},
		fapi2 + "user-rejects-authentication":  {p.visit(p.page("Deny", click("deny-button")), p.arrive())},
		fapi2 + "par-ensure-reused-request-uri-prior-to-auth-completion-succeeds": {
			once(p.visit(task("Go away", p.interaction, false, command{"wait", "id", "loginId", waitSeconds}))),
			p.ordinary(),
		},
	} {
		out[name] = object{"browser": visits}
	}
	return out
}

// redirectURIs are where an alias of the suite is sent back to: its second
// client has a query, which must come back too. Both clients have both, since
// some modules let one client use what was made for the other.
func redirectURIs(suite, alias string) []string {
	callback := strings.TrimRight(suite, "/") + "/test/a/" + alias + "/callback"
	return []string{callback, callback + "?dummy1=lorem&dummy2=ipsum"}
}
