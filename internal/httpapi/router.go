package httpapi

import (
	"strconv"
	"strings"
)

// router finds the row of a request. Rows without arguments are found by their
// whole path, others by all but their last element or two.
type router struct {
	exact map[string]map[string]*route
	arg   map[string]map[string]*route
	args  map[string]map[string]*route
}

func newRouter(rows []route) *router {
	rt := &router{exact: map[string]map[string]*route{}, arg: map[string]map[string]*route{}, args: map[string]map[string]*route{}}
	for i := range rows {
		table := rt.exact
		switch {
		case strings.Contains(rows[i].arg, "/"):
			table = rt.args
		case rows[i].arg != "":
			table = rt.arg
		}
		if table[rows[i].path] == nil {
			table[rows[i].path] = map[string]*route{}
		}
		for _, m := range rows[i].methods {
			table[rows[i].path][m] = &rows[i]
		}
	}
	return rt
}

// target is what a path names.
type target struct {
	service int64 // 0: not in the path
	route   *route
	arg     string
}

// find resolves a path. What stands before the first /api/ is a prefix that
// does not matter, nor does a slash at the end. allow lists the methods of a
// path that exists for others than the asked one.
func (rt *router) find(method, path string) (t target, allow []string) {
	i := strings.Index(path, "/api/")
	if i < 0 && strings.HasSuffix(path, "/misc/echo") { // so calls a published library
		i, path = 0, "/api/misc/echo"
	}
	if i < 0 {
		return target{}, nil
	}
	rest := strings.TrimSuffix(path[i+len("/api/"):], "/")
	head, tail, found := strings.Cut(rest, "/")
	if id, err := strconv.ParseInt(head, 10, 64); err == nil && id > 0 && found {
		t.service, rest = id, tail
	}
	byMethod := rt.exact[rest]
	if byMethod == nil {
		front, last := cutLast(rest)
		byMethod, t.arg = rt.arg[front], last
		if byMethod == nil && t.service == 0 {
			byMethod = rt.serviceByKey(front, &t)
		}
		if byMethod == nil {
			front, first := cutLast(front)
			byMethod, t.arg = rt.args[front], first+"/"+last
		}
	}
	if byMethod == nil {
		return target{}, nil
	}
	if t.route = byMethod[method]; t.route == nil {
		for m := range byMethod {
			allow = append(allow, m)
		}
		return target{}, allow
	}
	if (t.service != 0) && t.route.reach != ofService {
		return target{}, nil
	}
	return t, nil
}

// cutLast cuts off the last element of a path; none may be empty.
func cutLast(path string) (front, last string) {
	if i := strings.LastIndexByte(path, '/'); i > 0 && i < len(path)-1 {
		return path[:i], path[i+1:]
	}
	return "", ""
}

// serviceByKey resolves the three v2 paths that name a service at their end.
func (rt *router) serviceByKey(path string, t *target) map[string]*route {
	switch path {
	case "service/get", "service/update", "service/delete":
		if id, err := strconv.ParseInt(t.arg, 10, 64); err == nil && id > 0 {
			t.service, t.arg = id, ""
			return rt.exact[path]
		}
	}
	return nil
}
