//go:build amd64.v3

package hashindex_test

const buildLevel = "GOAMD64=v3"
