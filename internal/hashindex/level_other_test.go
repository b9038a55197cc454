//go:build !amd64.v3

package hashindex_test

const buildLevel = "default level (GOAMD64=v3 counts bits without asking the machine each time)"
