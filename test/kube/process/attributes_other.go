//go:build !linux

package process

import "syscall"

// attributes put a child into a process group of its own, so that a terminal's Ctrl-C reaches only us and we end our
// children in order. Only Linux can also kill it when we die without having done so.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
