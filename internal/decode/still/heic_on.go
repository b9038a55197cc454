//go:build nodynamic

package still

import (
	"image"
	"io"

	"github.com/gen2brain/heic"
)

// decodeHEIC uses the libheif that is compiled into the binary as WASM. It applies the container's own rotation and
// mirroring. Memory is bounded by the child only: 12 megapixels take about 350 MB, so it runs in the heavy child.
func decodeHEIC(r *io.SectionReader) (image.Image, error) { return heic.Decode(r) }
