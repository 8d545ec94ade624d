// Package cli is the program: its commands, and how the parts are put
// together.
//
//	main ─► Main ─► kong (arguments, config.Source) ─► one command's Run
//
//	serve     engine on a database ─────────────► Web API
//	front     Web API over the network ─────────► browsers, clients
//	demo      engine ─► Web API in process ─► two fronts
//	service, client, token                        call the Web API
//	migrate, hash-password, version
//
// A command says what went wrong in one line that names the setting, and ends
// with 0 (ok), 1 (failed) or 2 (called wrongly). Here alone are
// listeners and signals, and here it is said which files are read.
//
// What is not here: what settings are called and mean (config).
package cli
