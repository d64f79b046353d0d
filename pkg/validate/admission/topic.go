package admission

import (
	"cmp"
	"context"
	"maps"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/dialect"
	"github.com/topicgate/topicgate/pkg/topic"
	"github.com/topicgate/topicgate/pkg/validate"
)

// ValidateTopic judges the creation and the change of a KafkaTopic by every rule; what changes labels or annotations alone,
// by the policies.
func ValidateTopic(lookup *Lookup) Judge {
	return func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		objects, refusal := decode[v1alpha1.KafkaTopic](request, dialect.Kind, admissionv1.Create, admissionv1.Update)
		if refusal != nil {
			return refusal
		}
		relabelled := relabelled(objects) && lookup.Policies.any()
		if request.SubResource != "" || untouched(objects) && !relabelled {
			return allowed()
		}
		asked := review{Input: inputOf(request, objects), object: objects.new, dryRun: isDryRun(request), policiesOnly: relabelled}
		verdict, err := lookup.decide(ctx, asked)
		switch {
		case err != nil && relabelled: // no label waits for us, as none does while no webhook is alive
			return unchecked("policies could not be asked about the labels and annotations: ", err)
		case err != nil:
			return undecided(err)
		default:
			return answer(request, asked.New.Ref.Name, verdict)
		}
	}
}

// decide looks the facts up and judges by them.
func (l *Lookup) decide(ctx context.Context, asked review) (validate.Verdict, error) {
	err := l.assume(ctx, &asked.Input)
	if err != nil {
		return validate.Verdict{}, err
	}
	if asked.Facts, err = l.Facts(ctx, asked.Op, asked.New); err != nil {
		return validate.Verdict{}, err
	}
	return l.judge(ctx, asked)
}

func inputOf(request *admissionv1.AdmissionRequest, objects pair[*v1alpha1.KafkaTopic]) validate.Input {
	in := validate.Input{Op: validate.Create, New: declared(request, objects.new)}
	addDroppedNulls(&in.New, objects)
	if objects.old != nil {
		old := declared(request, objects.old)
		in.Op, in.Old = validate.Update, &old
	}
	return in
}

func isDryRun(request *admissionv1.AdmissionRequest) bool {
	return request.DryRun != nil && *request.DryRun
}

// assume judges an object that names no cluster as one of the default cluster's: the mutating webhook was not asked, for its
// failures are ignored, and the syncer will resolve it so.
func (l *Lookup) assume(ctx context.Context, in *validate.Input) error {
	if in.New.Cluster != "" || in.Old != nil && in.Old.Cluster != "" {
		return nil
	}
	clusters, err := l.clusters(ctx)
	if err != nil {
		return err
	}
	in.New.Cluster = cmp.Or(in.New.Recorded.Cluster, dialect.DefaultCluster(clusters))
	if in.Old != nil {
		in.Old.Cluster = in.New.Cluster
	}
	return nil
}

// ValidateTopicDelete judges the deletion of a KafkaTopic. It is a courtesy, the lock is the syncer's: what cannot be
// decided is allowed with a warning, so that nothing hangs in its deletion because of us.
func ValidateTopicDelete(lookup *Lookup) Judge {
	return func(ctx context.Context, request *admissionv1.AdmissionRequest) *admissionv1.AdmissionResponse {
		objects, refusal := decode[v1alpha1.KafkaTopic](request, dialect.Kind, admissionv1.Delete)
		if refusal != nil {
			return refusal
		}
		if objects.old.DeletionTimestamp != nil {
			return allowed()
		}
		in := validate.Input{Op: validate.Delete, New: declared(request, objects.old)}
		var err error
		if in.Facts, err = lookup.DeletionFacts(ctx, in.New); err != nil {
			return unchecked("deletion protection could not be looked up, the syncer checks it again: ", err)
		}
		return answer(request, request.Name, validate.Evaluate(in))
	}
}

// untouched says of an update that it is none of ours to judge: it leaves the spec as it is, or the object is being
// deleted. The match conditions of the shipped configuration keep such updates away; this holds without them.
func untouched(objects pair[*v1alpha1.KafkaTopic]) bool {
	return objects.old != nil && (objects.new.DeletionTimestamp != nil || sameSpec(objects))
}

// relabelled says of an update that it leaves the spec as it is and changes labels or annotations, other than kubectl's
// note of what was applied.
func relabelled(objects pair[*v1alpha1.KafkaTopic]) bool {
	if objects.new.DeletionTimestamp != nil || !sameSpec(objects) {
		return false
	}
	return !maps.Equal(objects.old.Labels, objects.new.Labels) ||
		!maps.Equal(withoutNote(objects.old.Annotations), withoutNote(objects.new.Annotations))
}

func withoutNote(annotations map[string]string) map[string]string {
	kept := maps.Clone(annotations)
	delete(kept, corev1.LastAppliedConfigAnnotation)
	return kept
}

// declared translates an object; its namespace is the request's, which is the one that was authorised.
func declared(request *admissionv1.AdmissionRequest, object *v1alpha1.KafkaTopic) topic.Declared {
	translated := dialect.Declared(object)
	translated.Ref.Namespace = request.Namespace
	return translated
}

// answer words a verdict.
func answer(request *admissionv1.AdmissionRequest, name string, verdict validate.Verdict) *admissionv1.AdmissionResponse {
	response := allowed()
	if verdict.Refused() {
		response = invalid(request, name, faults(verdict.Violations))
		if request.Operation == admissionv1.Delete {
			response = forbidden(request, faults(verdict.Violations))
		}
	}
	response.Warnings = warnings(faults(verdict.Warnings))
	response.AuditAnnotations = auditAnnotations(verdict)
	return response
}

func faults(violations []topic.Violation) []fault {
	list := make([]fault, len(violations))
	for i, violation := range violations {
		list[i] = fault{path: dialect.Path(violation.Field), reason: violation.Reason, text: violation.Text()}
	}
	return list
}
