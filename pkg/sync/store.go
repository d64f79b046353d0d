package sync

import (
	"strconv"
	gosync "sync"

	"k8s.io/apimachinery/pkg/types"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/topic"
)

// stored is one KafkaTopic with its translation, which is made once a change and not once a round.
type stored struct {
	object   *v1alpha1.KafkaTopic
	declared topic.Declared
}

// store holds the KafkaTopics of one cluster, fed by the informer.
type store struct {
	mu      gosync.Mutex
	objects map[types.NamespacedName]stored
}

func newStore() *store { return &store{objects: map[types.NamespacedName]stored{}} }

// put takes in what the informer brings and returns what was there before. An older version than the one held is left
// out: the syncer takes its own writes in at once, and the informer brings what came before them later.
func (s *store) put(object *v1alpha1.KafkaTopic) (before stored, known bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := types.NamespacedName{Namespace: object.Namespace, Name: object.Name}
	before, known = s.objects[key]
	if known && before.object.UID == object.UID && version(object) < version(before.object) {
		return before, known
	}
	s.objects[key] = stored{object: object, declared: dialect.Declared(object)}
	return before, known
}

// wrote takes in the answer to an own write. The informer may have told of the object's end before that answer came, and
// an object that is gone must not come back.
func (s *store) wrote(object *v1alpha1.KafkaTopic) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := types.NamespacedName{Namespace: object.Namespace, Name: object.Name}
	held, known := s.objects[key]
	if known && held.object.UID == object.UID && version(object) >= version(held.object) {
		s.objects[key] = stored{object: object, declared: dialect.Declared(object)}
	}
}

// version orders versions of one object; API servers promise that resource versions compare as numbers (KEP-5504).
func version(object *v1alpha1.KafkaTopic) uint64 {
	n, err := strconv.ParseUint(object.ResourceVersion, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func (s *store) remove(key types.NamespacedName) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.objects, key)
}

func (s *store) all() []stored {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]stored, 0, len(s.objects))
	for _, object := range s.objects {
		list = append(list, object)
	}
	return list
}
