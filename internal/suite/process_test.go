//go:build suite

package suite

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/symbolon-auth/symbolon/internal/enginetest"
	"github.com/symbolon-auth/symbolon/internal/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var binary = sync.OnceValues(func() (string, error) {
	if b := os.Getenv("SYMBOLON_BINARY"); b != "" {
		return b, nil
	}
	dir, err := os.MkdirTemp("", "symbolon-suite")
	if err != nil {
		return "", err
	}
	out := filepath.Join(dir, "symbolon")
	if text, err := exec.Command("go", "build", "-trimpath", "-o", out, "../../cmd/symbolon").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, text)
	}
	return out, nil
})

// process is a running engine.
type process struct {
	t    *testing.T
	db   string
	addr string
	cmd  *exec.Cmd
	log  bytes.Buffer
}

func start(t *testing.T, db string) *process {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, db: db, addr: l.Addr().String()}
	_ = l.Close()
	p.run()
	t.Cleanup(p.kill)
	return p
}

// run starts the process on its old address and waits until it is ready.
func (p *process) run() {
	p.t.Helper()
	b, err := binary()
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd = exec.Command(b, "serve", "--api-addr", p.addr, "--database", p.db)
	p.cmd.Env = append(os.Environ(),
		"SYMBOLON_ROOT_TOKEN="+enginetest.RootToken,
		"SYMBOLON_MASTER_KEY="+base64.StdEncoding.EncodeToString(enginetest.MasterKey))
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.ready()
}

// ready waits until the engine answers that it is.
func (p *process) ready() {
	p.t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		r, err := http.Get("http://" + p.addr + "/api/lifecycle/healthcheck")
		if err != nil {
			continue
		}
		_ = r.Body.Close()
		if r.StatusCode == http.StatusOK {
			return
		}
	}
	p.t.Fatalf("the engine does not get ready: %s", p.log.String())
}

func (p *process) kill() {
	if p.cmd != nil && p.cmd.Process != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
	}
}

// engine lets the helpers of enginetest talk to the process. Where it cannot
// be reached the answer is 502.
func (p *process) engine() *enginetest.Engine { return enginetest.Remote(p.t, "http://"+p.addr) }

// sees waits until the process knows a service that another one created.
func (p *process) sees(s *enginetest.Service) {
	p.t.Helper()
	e := p.engine()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if e.Call("GET", s.Path("service/get"), enginetest.RootToken, nil).Status == http.StatusOK {
			return
		}
	}
	p.t.Fatal("the service is not seen on the other process")
}
