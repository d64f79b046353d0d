// Package render writes TopicGate's rules in forms that work without TopicGate. It does no I/O.
package render
