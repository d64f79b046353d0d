package status

import (
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/policy"
	"github.com/topicgate/topicgate/pkg/topic"
)

// PolicyFound is what was found out about one policy.
type PolicyFound struct {
	Problems       []policy.Problem
	Contradictions []policy.Contradiction
	// Counts is nil while not every cluster has been counted.
	Counts *policy.Counts
}

// Policy is the status of a TopicPolicy.
func Policy(before v1alpha1.TopicPolicyStatus, generation int64, found PolicyFound, now time.Time) v1alpha1.TopicPolicyStatus {
	after := *before.DeepCopy()
	after.ObservedGeneration = generation
	if len(found.Problems) == 0 {
		set(&after.Conditions, now, generation, v1alpha1.ConditionReady, metav1.ConditionTrue, topic.PolicyCompiled, "topics are judged by it")
	} else {
		set(&after.Conditions, now, generation, v1alpha1.ConditionReady, metav1.ConditionFalse, topic.PolicyInvalid, problemText(found.Problems))
	}
	rules, defaults := contradictionTexts(found.Contradictions)
	if len(rules) == 0 {
		set(&after.Conditions, now, generation, v1alpha1.ConditionSatisfiable, metav1.ConditionTrue, topic.Satisfiable, "nothing speaks against it")
	} else {
		set(&after.Conditions, now, generation, v1alpha1.ConditionSatisfiable, metav1.ConditionFalse, topic.Unsatisfiable, strings.Join(rules, "; "))
	}
	if len(defaults) == 0 {
		drop(&after.Conditions, v1alpha1.ConditionDefaultsConflict)
	} else {
		set(&after.Conditions, now, generation, v1alpha1.ConditionDefaultsConflict, metav1.ConditionTrue, topic.DefaultsConflict, strings.Join(defaults, "; "))
	}
	if c := found.Counts; c != nil {
		after.Counts = &v1alpha1.PolicyCounts{Topics: c.Topics, Deny: c.Deny, Warn: c.Warn, Audit: c.Audit, Excepted: c.Excepted}
	}
	return after
}

func problemText(problems []policy.Problem) string {
	texts := make([]string, len(problems))
	for i, problem := range problems {
		texts[i] = problem.Path + ": " + problem.Text()
	}
	return strings.Join(texts, "; ")
}

func contradictionTexts(found []policy.Contradiction) (rules, defaults []string) {
	for _, contradiction := range found {
		if contradiction.Defaults {
			defaults = append(defaults, contradiction.Message)
		} else {
			rules = append(rules, contradiction.Message)
		}
	}
	return slices.Compact(rules), slices.Compact(defaults)
}

// ExceptionFound is what was found out about one exception.
type ExceptionFound struct {
	Problems []policy.Problem
	// Used says whether some topic rests on it; nil while not every cluster has been looked at.
	Used *bool
}

// Exception is the status of a TopicPolicyException.
func Exception(before v1alpha1.TopicPolicyExceptionStatus, object *v1alpha1.TopicPolicyException, found ExceptionFound, now time.Time) v1alpha1.TopicPolicyExceptionStatus {
	after := *before.DeepCopy()
	after.ObservedGeneration = object.Generation
	value, reason, message := metav1.ConditionTrue, topic.ExceptionUnused, "no topic rests on it"
	switch {
	case len(found.Problems) > 0:
		value, reason, message = metav1.ConditionFalse, topic.PolicyInvalid, problemText(found.Problems)
	case !now.Before(object.Spec.ExpiresAt.Time):
		value, reason, message = metav1.ConditionFalse, topic.ExceptionExpired, "it counts no more"
	case found.Used == nil:
		return after
	case *found.Used:
		reason, message = topic.ExceptionInUse, "some topic rests on it"
	}
	set(&after.Conditions, now, object.Generation, v1alpha1.ConditionActive, value, reason, message)
	return after
}
