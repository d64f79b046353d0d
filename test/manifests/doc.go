// Package manifests loads what ships in manifests/ and applies it, so that tests and the demo run on the very files that a
// user installs. The only thing that differs from an installation is where the webhook listens, see ServeFromLocalhost.
package manifests
