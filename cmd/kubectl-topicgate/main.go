// Command kubectl-topicgate helps people who run TopicGate; as a plugin of kubectl it is `kubectl topicgate`.
package main

import (
	"fmt"
	"os"
)

func main() {
	if err := newCommand().Execute(); err != nil {
		fmt.Fprintln(os.Stderr, "kubectl-topicgate:", err)
		os.Exit(1)
	}
}
