package httpapi

import (
	"net/http"

	"github.com/symbolon-auth/symbolon/internal/op"
	"github.com/symbolon-auth/symbolon/internal/registry"
	"github.com/symbolon-auth/symbolon/internal/wire"
)

// Services and clients are plain create, read, replace, delete: no rules, no
// ceremony.

func noService() error {
	return &op.CallError{Status: http.StatusNotFound, Code: "A901206", Text: "there is no such service"}
}

func (s *Server) createService(c *call, in *wire.Service) (any, error) {
	svc, err := s.newService(c, in)
	if err != nil {
		return nil, err
	}
	return svc.View(), nil
}

// newService makes a service; who may do everything may choose its number.
func (s *Server) newService(c *call, in *wire.Service) (*registry.Service, error) {
	if c.principal.service != 0 {
		return nil, forbidden()
	}
	chosen := in.APIKey
	if chosen < 0 || chosen >= 1<<53 {
		return nil, op.Invalid("apiKey", "must be a positive number below 2^53")
	}
	if !c.allows(wire.PermissionAdmin) {
		chosen = 0
	}
	return s.writer.CreateService(c.ctx(), in, chosen)
}

func (s *Server) getService(c *call) (any, error) {
	if !c.allows(viewService) {
		return c.Service.Limited, nil
	}
	return c.Service.View(), nil
}

func (s *Server) listServices(c *call) (any, error) {
	start, end, err := c.page()
	if err != nil {
		return nil, err
	}
	page, total, err := s.directory.Services(c.principal.service, start, end)
	if err != nil {
		return nil, err
	}
	out := wire.ServiceListResponse{Start: start, End: end, TotalCount: total}
	for _, svc := range page {
		if c.allows(viewService) {
			out.Services = append(out.Services, *svc.View())
		} else {
			out.Services = append(out.Services, *svc.Limited)
		}
	}
	return out, nil
}

func (s *Server) updateService(c *call, in *wire.Service) (any, error) {
	svc, err := s.writer.UpdateService(c.ctx(), c.Service.ID, in)
	if err != nil {
		return nil, err
	}
	if svc == nil {
		return nil, noService()
	}
	return svc.View(), nil
}

func (s *Server) deleteService(c *call) (any, error) {
	return noContent{}, s.dropService(c, c.Service.ID)
}

func (s *Server) dropService(c *call, id int64) error {
	found, err := s.writer.DeleteService(c.ctx(), id)
	if err == nil && !found {
		err = noService()
	}
	return err
}

// The same for tools that talk to a control plane.

func (s *Server) controlCreateService(c *call, in *wire.ControlServiceCreateRequest) (any, error) {
	if in.Service == nil {
		in.Service = &wire.Service{}
	}
	svc, err := s.newService(c, in.Service)
	if err != nil {
		return nil, err
	}
	return svc.View(), nil
}

func (s *Server) controlRemoveService(c *call, in *wire.ControlServiceRemoveRequest) (any, error) {
	if in.ServiceID == 0 {
		return nil, op.Missing("serviceId")
	}
	if c.principal.service != 0 && c.principal.service != in.ServiceID {
		return nil, forbidden()
	}
	if err := s.dropService(c, in.ServiceID); err != nil {
		return nil, err
	}
	return c.Result("A990002", "the service is removed"), nil
}
