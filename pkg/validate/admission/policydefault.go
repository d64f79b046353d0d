package admission

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// DefaultFromPolicies fills in what policies default at admission and a KafkaTopic leaves out: in a new object what the
// policies say now, in a changed one what it had. It never touches what is there, and leaves alone what exists on the
// brokers already. Where it cannot tell, it changes nothing: the syncer fills the same in when it creates the topic.
func DefaultFromPolicies(lookup *Lookup) Judge {
	return func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		objects, refusal := decode[v1alpha1.KafkaTopic](request, dialect.Kind, admissionv1.Create, admissionv1.Update)
		if refusal != nil {
			return refusal
		}
		response := allowed()
		if request.SubResource != "" || untouched(objects) || !lookup.Policies.any() {
			return response
		}
		defaults, err := lookup.defaults(ctx, inputOf(request, objects))
		if err != nil {
			return response
		}
		patch, err := patchOf(request.Object.Raw, filling(defaults, objects.old))
		if err != nil {
			return misdirected("the review's object cannot be read: %v", err)
		}
		if len(patch) > 0 {
			patchType := admissionv1.PatchTypeJSONPatch
			response.Patch, response.PatchType = patch, &patchType
		}
		return response
	}
}

// defaults are what policies fill into an object; nothing where its topic exists, for that is as it is.
func (l *Lookup) defaults(ctx context.Context, in validate.Input) (policy.Defaults, error) {
	none := policy.Defaults{}
	if err := l.assume(ctx, &in); err != nil {
		return none, err
	}
	facts, own, clusters, err := l.surroundings(ctx, in.New)
	if err != nil || own == nil {
		return none, err
	}
	in.Facts = facts
	if in.Old != nil {
		// Policies fill nothing into a topic that exists; what they filled into this one is to stay, though.
		in.New.Recorded = topic.Recorded{}
		return facts.Policies.Defaults(in.ForPolicies()), nil
	}
	seen, err := l.onBrokers(ctx, in.New, sharing(own, clusters))
	if err != nil {
		return none, err
	}
	in.Facts.Live = seen.live
	return facts.Policies.Defaults(in.ForPolicies()), nil
}

// filled is what is to be put into a spec.
type filled struct {
	partitions, replicas *int64
	config               map[string]apiextensionsv1.JSON
}

// filling is what of the defaults belongs into an object: those of policies for a new one; for a changed one what the old
// one had in their place.
func filling(defaults policy.Defaults, old *v1alpha1.KafkaTopic) filled {
	fill := filled{config: map[string]apiextensionsv1.JSON{}}
	if at := defaults.Partitions; at != nil && at.AtAdmission {
		fill.partitions = count(at, old, func(spec *v1alpha1.KafkaTopicSpec) *int64 { return spec.Partitions })
	}
	if at := defaults.Replicas; at != nil && at.AtAdmission {
		fill.replicas = count(at, old, func(spec *v1alpha1.KafkaTopicSpec) *int64 { return spec.Replicas })
	}
	for key, value := range defaults.Config {
		if !value.AtAdmission {
			continue
		}
		if old == nil {
			fill.config[key] = apiextensionsv1.JSON{Raw: quoted(value.Value)}
		} else if had, set := old.Spec.Config[key]; set && len(had.Raw) > 0 {
			fill.config[key] = had
		}
	}
	return fill
}

func count(at *policy.Default, old *v1alpha1.KafkaTopic, of func(*v1alpha1.KafkaTopicSpec) *int64) *int64 {
	if old != nil {
		return of(&old.Spec)
	}
	n, err := strconv.ParseInt(at.Value, 10, 64)
	if err != nil {
		return nil
	}
	return &n
}

func quoted(text string) []byte {
	raw, _ := json.Marshal(text) //nolint:errchkjson // a string can always be encoded
	return raw
}

// addition is one operation of a JSON patch.
type addition struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// patchOf is the smallest JSON patch that fills what the object leaves out; empty where it leaves nothing out.
func patchOf(object []byte, fill filled) ([]byte, error) {
	spec, config, err := written(object)
	if err != nil {
		return nil, err
	}
	absent := map[string]any{} // of the spec
	if fill.partitions != nil {
		absent["partitions"] = *fill.partitions
	}
	if fill.replicas != nil {
		absent["replicas"] = *fill.replicas
	}
	if config == nil && len(fill.config) > 0 {
		absent["config"], spec = fill.config, without(spec, "config") // a null is no config
	}
	without(absent, slices.Collect(maps.Keys(spec))...)
	without(fill.config, slices.Collect(maps.Keys(config))...)
	var additions []addition
	if spec == nil && len(absent) > 0 {
		additions = []addition{{"add", "/spec", absent}}
	} else {
		additions = adding("/spec/", absent)
	}
	if config != nil {
		additions = append(additions, adding("/spec/config/", fill.config)...)
	}
	if len(additions) == 0 {
		return nil, nil
	}
	return json.Marshal(additions)
}

func without[V any](values map[string]V, keys ...string) map[string]V {
	for _, key := range keys {
		delete(values, key)
	}
	return values
}

// written is the spec and the config of an object, each nil where it is absent.
func written(object []byte) (spec, config map[string]json.RawMessage, err error) {
	var given struct {
		Spec map[string]json.RawMessage `json:"spec"`
	}
	if err := json.Unmarshal(object, &given); err != nil {
		return nil, nil, err
	}
	if raw := given.Spec["config"]; raw != nil {
		err = json.Unmarshal(raw, &config)
	}
	return given.Spec, config, err
}

func adding[V any](below string, values map[string]V) []addition {
	var additions []addition
	for _, key := range slices.Sorted(maps.Keys(values)) {
		additions = append(additions, addition{"add", below + pointer(key), values[key]})
	}
	return additions
}

// pointer writes a key as a JSON pointer holds it.
func pointer(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}
