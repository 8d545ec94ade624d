package compat

import (
	_ "github.com/authlete/authlete-go-gin/endpoint"
	_ "github.com/authlete/authlete-go/api"
	_ "github.com/gin-gonic/gin"
)
