package ifd

// Raw returns the bytes of the value, at most maxBytes, or false when it is longer.
func (b *Block) Raw(e Entry, maxBytes int64) ([]byte, bool) {
	if e.SizeBytes > maxBytes {
		return nil, false
	}
	return b.file.Bytes(e.OffsetBytes, e.SizeBytes)
}
