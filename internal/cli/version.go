package cli

import (
	"cmp"
	"runtime"
	"runtime/debug"
)

type versionCommand struct{}

// Run tells the version.
func (c *versionCommand) Run(w *World) error {
	version, revision := buildVersion()
	return w.say("symbolon %s%s %s %s/%s", version, revision, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

// buildVersion returns the version of this binary and, behind a space, the
// revision that it was built from, where that is known.
func buildVersion() (version, revision string) {
	version = "devel"
	if info, ok := debug.ReadBuildInfo(); ok {
		version = cmp.Or(info.Main.Version, version)
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
	}
	return version, revision
}
