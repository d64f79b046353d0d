package report

import "io"

func writeAuditHTML(io.Writer, AuditReport) error { return nil }
