package cli

import (
	"bufio"
	"crypto/rand"
	"strings"

	"github.com/symbolon-auth/symbolon/internal/userfile"
)

type hashCommand struct{}

func (c *hashCommand) Help() string {
	return `The password is the first line of the standard input; it is never an argument, which other users of the machine could see.`
}

// Run prints the hash of a password.
func (c *hashCommand) Run(w *World) error {
	line, err := bufio.NewReader(w.In).ReadString('\n')
	if line == "" && err != nil {
		return &usageError{"the password is read from the standard input, which is empty"}
	}
	hash, err := userfile.Hash(strings.TrimRight(line, "\r\n"), rand.Reader)
	if err != nil {
		return err
	}
	return w.say("%s", hash)
}
