package sqlite

import "testing"

// The numbers are those of statfs(2).
func TestNetworkFileSystems(t *testing.T) {
	t.Parallel()
	for kind, want := range map[int64]string{
		0x6969: "NFS", 0xff534d42: "SMB", 0xfe534d42: "SMB", -0xacb2be: "SMB", 0x01021997: "9P",
		0xef53: "", 0x58465342: "", 0x9123683e: "", 0x794c7630: "", 0x01021994: "", // ext4, XFS, btrfs, overlay, tmpfs
	} {
		if got := networkName(kind); got != want {
			t.Errorf("%#x: %q, want %q", kind, got, want)
		}
	}
	if err := checkLocal(t.TempDir()); err != nil {
		t.Errorf("this machine's own temporary folder: %v", err)
	}
}
