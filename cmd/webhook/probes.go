package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/certwatcher"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	"github.com/topicgate/topicgate/pkg/validate/admission"
)

var (
	errLeaving = errors.New("leaving")
	errFilling = errors.New("the caches are not filled yet")
	errReading = errors.New("the policies are not read yet")
)

// addProbes makes the program ready when its caches are filled, the policies are compiled and the port at the address answers with a certificate that
// is valid, until it is about to leave. Whether it lives depends on nothing: no restart mends a certificate.
func addProbes(mgr ctrl.Manager, server *admission.Server, policies *admission.Policies, address string) error {
	var filled atomic.Bool
	// A runnable is started once the caches are filled.
	err := mgr.Add(manager.RunnableFunc(func(context.Context) error {
		filled.Store(true)
		return nil
	}))
	if err != nil {
		return fmt.Errorf("watching the caches: %w", err)
	}
	checks := map[string]healthz.Checker{
		"serving":  served(address, time.Now),
		"caches":   failing(errFilling, func() bool { return !filled.Load() }),
		"policies": failing(errReading, func() bool { return !policies.Ready() }),
		"leaving":  failing(errLeaving, server.Leaving),
	}
	for name, check := range checks {
		if err := mgr.AddReadyzCheck(name, check); err != nil {
			return fmt.Errorf("adding a readiness check: %w", err)
		}
	}
	if err := mgr.AddHealthzCheck("ping", healthz.Ping); err != nil {
		return fmt.Errorf("adding a liveness check: %w", err)
	}
	return nil
}

func failing(err error, when func() bool) healthz.Checker {
	return func(*http.Request) error {
		if when() {
			return err
		}
		return nil
	}
}

// tlsOptions serve the watched certificate, over HTTP/1.1 only: that is what API servers speak to webhooks, and HTTP/2
// lets anybody open streams by the hundred.
func tlsOptions(certificate *certwatcher.CertWatcher) []func(*tls.Config) {
	return []func(*tls.Config){func(config *tls.Config) {
		config.GetCertificate = certificate.GetCertificate
		config.NextProtos = []string{"http/1.1"}
		config.MinVersion = tls.VersionTLS12
	}}
}
