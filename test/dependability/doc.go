// Package dependability proves that the webhook stays up: creates go through a real kube-apiserver to real webhook processes
// behind one Service while those are restarted, killed, and given other certificates by cert-manager's own controllers. It
// holds tests only.
//
// Make runs are short. TOPICGATE_STEADY_ROUNDS (default 1) says how often each test does what it does, TOPICGATE_STEADY_RATE
// (default 200) how many creates are asked for a second, TOPICGATE_STEADY_BURNERS (default half of the processors) how many
// processes compete for the processors meanwhile.
package dependability
