package model

import (
	"strings"

	"github.com/topicgate/topicgate/test/testutil/history"
)

const clusterID, clusterName = "cluster-1", "prod"

func allTopics() []string { return history.Topics() }

func split(name string) (namespace, object string) {
	namespace, object, _ = strings.Cut(name, "/")
	return namespace, object
}
