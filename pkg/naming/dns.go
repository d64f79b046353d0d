package naming

import "regexp"

var dns1123 = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$`)

// DNS1123 reports whether name is a DNS-1123 subdomain of at most 253 characters: what the API server demands of
// metadata.name. Every such name of at most MaxLength characters is a legal topic name.
func DNS1123(name string) bool {
	return len(name) <= maxObjectName && dns1123.MatchString(name)
}
