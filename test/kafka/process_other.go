//go:build !linux

package kafkatest

import "syscall"

// Only Linux can tie a child's life to its parent's; elsewhere a killed test leaves its brokers behind.
func dieWithParent(*syscall.SysProcAttr) {}
