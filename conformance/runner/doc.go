// Command runner drives the conformance suite of the OpenID Foundation
// against the product: it starts an engine and its fronts, makes services and
// clients, writes the suite's configuration, runs the modules of each plan
// over the suite's REST API, and judges the results by a list of expectations.
//
//	plans (a table) ──► target: one engine; for each plan a service, its front and its clients
//	                       │ configuration: addresses, clients, what the suite's browser does on our pages
//	                       ▼
//	                    suite: a plan is created once for each lane
//	                       │ schedule: few workers for modules that compute, many for those that wait
//	                       ▼
//	                    outcomes ──► judge (expectations.yaml) ──► report, exit code
//
// A lane is an alias of the suite with clients of its own: the suite runs one
// module of an alias at a time. Plans whose clients register themselves have
// no alias, and as many lanes as there are workers.
//
// What is not here: the suite itself, which somebody starts beforehand
// (CONFORMANCE_SERVER says where), and any knowledge of what a module checks.
package main
