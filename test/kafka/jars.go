package kafkatest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// ErrMissing says that a part of the machine is not there (a JDK, the jars of that Kafka release), as opposed to
// broken: a test may be skipped for it.
var ErrMissing = errors.New("missing for a real Kafka")

// stamp is the file that the Makefile writes once all jars of a release are in place.
const stamp = ".complete"

// javaRuntime is what starts a class of Kafka.
type javaRuntime struct{ java, classpath string }

// Classpath returns what a Java compiler or program needs to use the classes of a Kafka release; [ErrMissing] says that
// the machine lacks a part.
func Classpath(version string) (string, error) {
	found, err := findRuntime(version)
	return found.classpath, err
}

func findRuntime(version string) (javaRuntime, error) { return findJars("kafka", version) }

// findJars looks for the jars of one release that `make kafka` put in bin/<kind>/<version>.
func findJars(kind, version string) (javaRuntime, error) {
	java, err := findJava()
	if err != nil {
		return javaRuntime{}, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return javaRuntime{}, fmt.Errorf("looking for Kafka's jars: %w", err)
	}
	// Tests run in their package's directory, the demo in the root: the nearest bin above either is the one.
	for {
		jars := filepath.Join(dir, "bin", kind, version)
		if _, err := os.Stat(filepath.Join(jars, stamp)); err == nil {
			return javaRuntime{java: java, classpath: filepath.Join(jars, "*")}, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return javaRuntime{}, fmt.Errorf("%w: the jars of Kafka %s in bin/%s/%s; run `make kafka` (it needs Maven)", ErrMissing, version, kind, version)
		}
		dir = parent
	}
}

func findJava() (string, error) {
	if home := os.Getenv("JAVA_HOME"); home != "" {
		java := filepath.Join(home, "bin", "java")
		if _, err := os.Stat(java); err == nil { //nolint:gosec // G703: naming the JDK is what JAVA_HOME is for
			return java, nil
		}
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return "", fmt.Errorf("%w: a JDK, 17 or newer (neither $JAVA_HOME/bin/java nor java in $PATH)", ErrMissing)
	}
	return java, nil
}

// args are java's arguments for running class with at most heapMiB of heap. The compiler's first stage and the simple
// collector start fastest and need least memory, which is what many short-lived brokers on one machine want.
func (r javaRuntime) args(heapMiB int, class string, args ...string) []string {
	jvm := []string{
		"-Xms64m", fmt.Sprintf("-Xmx%dm", heapMiB), "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
		"-Dorg.slf4j.simpleLogger.showDateTime=true", "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
		"-cp", r.classpath, class,
	}
	return append(jvm, args...)
}
