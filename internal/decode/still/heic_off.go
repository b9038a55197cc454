//go:build !nodynamic

package still

import (
	"fmt"
	"image"
	"io"
)

// decodeHEIC refuses: without the build tag nodynamic the library loads the host's libheif in silence, so that results,
// even orientation, would depend on the machine.
func decodeHEIC(*io.SectionReader) (image.Image, error) {
	return nil, fmt.Errorf("%w: this binary was built without the tag nodynamic", errUnsupported)
}
