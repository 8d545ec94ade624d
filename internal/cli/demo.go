package cli

import (
	"context"

	"github.com/symbolon-auth/symbolon/internal/config"
)

type demoCommand struct {
	config.Demo `embed:""`
}

// Run runs the demonstration.
func (c *demoCommand) Run(ctx context.Context, w *World) error { return nil }
