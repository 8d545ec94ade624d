// Package config holds the settings of all commands: what they are called,
// what they mean, and where their values come from.
//
//	flag  >  environment  >  file  >  default
//	--api-addr  SYMBOLON_API_ADDR  api-addr: …
//
// A setting is a field of one of the structs here; its kong tags are the one
// place where its name, default and meaning are written. The name of the
// environment variable follows from the name of the flag, and the key in the
// file is the name of the flag. One file may serve several commands: a key is
// unknown, and an error, only if no command has it.
//
// Flags that name an act rather than a setting carry the tag setting:"-": they
// are taken from the command line only.
//
// What is not here: the commands themselves (cli), and what settings lead to.
package config
