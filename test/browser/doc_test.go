// Package browser_test opens the audit's page in a real headless browser: `make browser` fetches a Chromium, and BROWSER names
// another one. Screenshots and a print are left in $ARTIFACTS, or in bin/artifacts.
package browser_test
