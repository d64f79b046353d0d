// Package cli is what the commands share.
package cli

import (
	"fmt"
	"io"

	"github.com/go-logr/zapr"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
)

// NewLogger writes JSON lines of a level (debug, info, warn or error) and above, and takes over what libraries log.
func NewLogger(level string, to io.Writer) (*zap.Logger, error) {
	parsed, err := zapcore.ParseLevel(level)
	if err != nil || parsed > zapcore.ErrorLevel {
		return nil, fmt.Errorf("--log-level: %q: must be debug, info, warn or error", level)
	}
	config := zap.NewProductionEncoderConfig()
	config.EncodeTime = zapcore.ISO8601TimeEncoder
	log := zap.New(zapcore.NewCore(zapcore.NewJSONEncoder(config), zapcore.AddSync(to), parsed))
	ctrl.SetLogger(zapr.NewLogger(log))
	klog.SetLogger(zapr.NewLogger(log))
	return log, nil
}
