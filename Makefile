# Every target carries one line of help behind "##"; `make` alone prints them.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c

# --- control plane: built once from pinned modules, rebuilt only when the pins change ---

CONTROLPLANE := bin/controlplane
KUBE_VERSION := $(shell awk '$$1 == "k8s.io/kubernetes" {print $$2; exit}' test/controlplane/go.mod)
KUBE_VERSION_PARTS := $(subst ., ,$(KUBE_VERSION:v%=%))
# Without a version stamped in, clients take the server for v0.0.0 and refuse to speak to it.
KUBE_STAMP := -X k8s.io/component-base/version.gitVersion=$(KUBE_VERSION) \
	-X k8s.io/component-base/version.gitMajor=$(word 1,$(KUBE_VERSION_PARTS)) \
	-X k8s.io/component-base/version.gitMinor=$(word 2,$(KUBE_VERSION_PARTS))

$(CONTROLPLANE)/etcd: PACKAGE := go.etcd.io/etcd/server/v3
$(CONTROLPLANE)/etcd: TAKES := under a minute
$(CONTROLPLANE)/kube-apiserver: TAKES := about 3 minutes
$(CONTROLPLANE)/kube-controller-manager: TAKES := about a minute
$(CONTROLPLANE)/kubectl: TAKES := under a minute

# etcd comes last in the list of prerequisites' names only; make -j builds them side by side.
$(CONTROLPLANE)/%: test/controlplane/go.mod test/controlplane/go.sum
	@echo "building $* ($(TAKES) the first time) ..."
	@CGO_ENABLED=0 go build -C test/controlplane -trimpath -ldflags '-s -w $(KUBE_STAMP)' -o '$(CURDIR)/$@' $(or $(PACKAGE),k8s.io/kubernetes/cmd/$*)

.PHONY: controlplane
controlplane: $(addprefix $(CONTROLPLANE)/,etcd kube-apiserver kube-controller-manager kubectl) ## Build kube-apiserver, kube-controller-manager, kubectl and etcd into bin/controlplane
