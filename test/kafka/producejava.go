package kafkatest

import (
	"strings"
	"testing"
)

// ProduceJava writes the values with a real Java producer, which asks for a topic that is not there until the brokers have
// made it, and returns once the brokers have them. Where they do not create topics it fails the test, after a minute.
func ProduceJava(t testing.TB, bootstrap []string, topic string, values ...string) {
	t.Helper()
	app := startApp(t, func(dir string) ([]string, error) {
		return fromSource(dir, "produce", map[string]string{"bootstrap.servers": strings.Join(bootstrap, ",")}, append([]string{topic}, values...)...)
	})
	app.wait(t, app.says("PRODUCED"))
}
