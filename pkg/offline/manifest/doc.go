// Package manifest reads Kubernetes objects from YAML and JSON text and remembers where everything stands, so that what is
// said about an object can name file, line and column. It is pure: it gets bytes, whoever reads files is elsewhere.
//
// Values are read as kubectl reads them (YAML 1.1, duplicate keys refused), because that is what the API server would get;
// positions come from a second look at the same text. Input is not trusted: a document is bounded in size, and one whose
// aliases expand beyond measure is refused.
package manifest
