module github.com/symbolon-auth/symbolon

go 1.26.0
