// Package decode reads media files whose bytes nobody vouches for, by asking child processes that may die of them.
//
// The parent, this package, never parses a byte of a file. It keeps a Pool of children (our own binary, package child),
// hands them one open read-only descriptor at a time, bounds their time, and checks every value that comes back
// (wire.Check) before anybody else sees it. A child is replaced after every fault, after a large picture, and every
// FilesPerChild files, so that what one file leaves behind in a process does not reach the next; the result of a file
// depends on its bytes only. A child that dies is replaced and the file tried once more; the second death is the answer.
// No child outlives its parent: children end when their connection closes, and the kernel kills them when the parent dies.
//
// Errors come in two kinds, told apart by errors.As. A *wire.Fault says something about the file and may be recorded. Any
// other error says something about this machine or the caller (no process could be started, the context ended, the
// Pool is closed): the file was not judged, try again later.
//
// Videos are read by the host's ffmpeg, started through our own binary with limits of its own; it is told one protocol
// and one container, reads an inherited descriptor and never a user's name, and its raw frames go straight to a child.
//
// What is not there yet: namespaces, landlock and seccomp (see package jail). A decoder that is taken over can today do
// what the user of this process can do, except to exhaust memory, write a file or leave a core. ffmpeg reads its
// input from the store's own file, not from a sealed copy.
package decode
