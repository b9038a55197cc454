package sqlite

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// checkLocal refuses folders on network file systems.
func checkLocal(dir string) error {
	var fs unix.Statfs_t
	if err := unix.Statfs(dir, &fs); err != nil {
		return fmt.Errorf("file system of %s: %w", dir, err)
	}
	if name := networkName(int64(fs.Type)); name != "" {
		return fmt.Errorf("%s is on a network file system (%s); the database needs a local disk", dir, name)
	}
	return nil
}

// networkName names a network file system by its type in statfs(2); empty for any other.
func networkName(kind int64) string {
	switch uint32(kind) {
	case unix.NFS_SUPER_MAGIC:
		return "NFS"
	case unix.SMB_SUPER_MAGIC, unix.SMB2_SUPER_MAGIC, unix.CIFS_SUPER_MAGIC:
		return "SMB"
	case unix.V9FS_MAGIC:
		return "9P"
	case unix.AFS_SUPER_MAGIC, unix.AFS_FS_MAGIC:
		return "AFS"
	case unix.CEPH_SUPER_MAGIC:
		return "Ceph"
	case unix.CODA_SUPER_MAGIC:
		return "Coda"
	}
	return ""
}
