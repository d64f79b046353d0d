package kube

import (
	"fmt"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// User returns a configuration that speaks as the given user, whose rights are what RBAC grants to it and its groups.
// system:authenticated is added by the server.
func (c *ControlPlane) User(name string, groups ...string) (*rest.Config, error) {
	certificate, err := c.authority.client(name, groups)
	if err != nil {
		return nil, fmt.Errorf("adding user %s: %w", name, err)
	}
	return &rest.Config{
		Host: "https://" + loopback(c.port),
		QPS:  -1, // a zero means client-go's 5 a second
		TLSClientConfig: rest.TLSClientConfig{
			CAData: c.authority.pem, CertData: certificate.cert, KeyData: certificate.key,
		},
	}, nil
}

// ServiceAccount returns a configuration that speaks as the ServiceAccount, in name and groups as its Pods would, so
// that a program run with it has the rights of the shipped RBAC and no other. The object itself need not exist.
func (c *ControlPlane) ServiceAccount(namespace, name string) (*rest.Config, error) {
	return c.User("system:serviceaccount:"+namespace+":"+name,
		"system:serviceaccounts", "system:serviceaccounts:"+namespace)
}

// WriteKubeconfig writes the server and the credentials of config to a kubeconfig file, for programs that take one.
func WriteKubeconfig(config *rest.Config, path string) error {
	const name = "topicgate"
	err := clientcmd.WriteToFile(clientcmdapi.Config{
		CurrentContext: name,
		Contexts:       map[string]*clientcmdapi.Context{name: {Cluster: name, AuthInfo: name}},
		Clusters: map[string]*clientcmdapi.Cluster{
			name: {Server: config.Host, CertificateAuthorityData: config.CAData},
		},
		AuthInfos: map[string]*clientcmdapi.AuthInfo{
			name: {ClientCertificateData: config.CertData, ClientKeyData: config.KeyData, Token: config.BearerToken},
		},
	}, path)
	if err != nil {
		return fmt.Errorf("writing kubeconfig %s: %w", path, err)
	}
	return nil
}
