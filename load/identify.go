package load

// Identify returns the name of the format that Open reads the file at path as;
// format is Options.Format. Its errors are Open's.
func Identify(path, format string) (string, error) {
	if err := checkFile(path); err != nil {
		return "", err
	}
	head, _, err := peek(path)
	if err != nil {
		return "", err
	}
	f, err := pick(path, format, head)
	if err != nil {
		return "", err
	}
	return f.Name, nil
}
