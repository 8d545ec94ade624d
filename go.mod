module github.com/symbolon-auth/symbolon

go 1.26.0

require (
	github.com/go-jose/go-jose/v4 v4.1.8 // indirect
	github.com/maypok86/otter/v2 v2.4.0 // indirect
)
