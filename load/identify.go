package load

import "context"

// Identify returns the name of the format that Open reads path as, that of the
// first file if it names several; format is Options.Format. Its errors are
// Open's.
func Identify(ctx context.Context, path, format string) (string, error) {
	o := Options{Format: format}.withDefaults()
	var found located
	var err error
	if isRemote(path) {
		files := &remoteFiles{}
		defer files.Close()
		o.opener = files.open
		found, err = locateRemote(ctx, path, format)
	} else {
		found, err = locate(path, format)
	}
	if err != nil {
		return "", err
	}
	f, err := fileFormat(ctx, found.parts[0].path, o)
	return f.Name, err
}
