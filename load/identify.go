package load

import "context"

// Identify returns the name of the format that Open reads path as, that of the
// first file if it names several; format is Options.Format. Its errors are
// Open's.
func Identify(path, format string) (string, error) {
	o := Options{Format: format}.withDefaults()
	found, err := locate(path, format)
	if err != nil {
		return "", err
	}
	f, err := fileFormat(context.Background(), found.parts[0].path, o)
	return f.Name, err
}
