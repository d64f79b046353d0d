package topicconfig

// Records is how many records the controller writes for the configs of a new topic, beside those for the topic and its
// partitions: one each, and from 4.1 on, where brokers keep eligible leader replicas, one more for min.insync.replicas.
func (t Table) Records(config map[string]string) int {
	if _, set := config["min.insync.replicas"]; set && !t.release.before4(1) {
		return len(config) + 1
	}
	return len(config)
}
