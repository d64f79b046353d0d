package cli

import (
	"io"

	"github.com/go-logr/zapr"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
)

// LogLevels is what NewLogger takes for a level, as a flag's help and refusal list it.
const LogLevels = "debug, info, warn or error"

// NewLogger makes a logger that writes one JSON object a line to w: ts (ISO 8601), level, msg and the fields of the
// message. An unknown level is an error that names what is known.
func NewLogger(level string, w io.Writer) (*zap.Logger, error) {
	switch level {
	case "debug", "info", "warn", "error":
	default:
		return nil, BadFlag("log-level", level, LogLevels)
	}
	least, err := zapcore.ParseLevel(level)
	if err != nil {
		return nil, BadFlag("log-level", level, LogLevels)
	}
	format := zap.NewProductionEncoderConfig()
	format.EncodeTime = zapcore.ISO8601TimeEncoder
	return zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(format), zapcore.Lock(zapcore.AddSync(w)), least)), nil
}

// BridgeLibraries has controller-runtime and client-go write to the same logger, so that a program's output is of one
// form. To be called once, before either is used.
func BridgeLibraries(log *zap.Logger) {
	bridge := zapr.NewLogger(log)
	ctrl.SetLogger(bridge)
	klog.SetLogger(bridge)
}
