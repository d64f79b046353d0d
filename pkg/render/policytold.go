package render

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// validations are what the API server tells, with the variables behind them. It tells the first denial only, so the first
// validation joins all that is wrong. An expression of a user's may fail, and all that rests on it with it: where there are
// some, what does not rest on them is told once more, and each of them by itself. Warnings and audits are all told, so nothing
// is joined there.
func (s *sheet) validations(enforcement v1alpha1.Enforcement, checks []check) ([]admissionv1.Validation, []variable) {
	checks = slices.Clone(checks)
	slices.SortStableFunc(checks, func(a, b check) int {
		return cmp.Or(cmp.Compare(order(a.field), order(b.field)), cmp.Compare(a.field.Key(), b.field.Key()))
	})
	variables, all, sure, apart := s.lists(checks)
	message := "the KafkaTopic breaks rules of TopicPolicy " + s.object.Name // in case the expression fails
	var validations []admissionv1.Validation
	if len(apart) == 0 || enforcement == v1alpha1.EnforcementDeny {
		variables = append(variables, joined("violations", all)...)
		validations = append(validations, validation("variables.violations.size() == 0", "variables.violations_told", message))
	}
	if len(apart) > 0 && len(sure) > 0 {
		variables = append(variables, joined("sure", sure)...)
		validations = append(validations, validation("variables.sure.size() == 0", "variables.sure_told", message))
	}
	for _, one := range apart {
		validations = append(validations, validation(one.expression, briefly(one.message), one.fallback))
	}
	return validations, variables
}

func validation(expression, messageExpression, message string) admissionv1.Validation {
	invalid := metav1.StatusReasonInvalid
	return admissionv1.Validation{Expression: expression, MessageExpression: messageExpression, Message: message, Reason: &invalid}
}

// lists makes a variable of every check, and sorts them: all of them as lists to be joined, those that cannot fail, and those
// that are validations of their own.
func (s *sheet) lists(checks []check) (variables []variable, all, sure []string, apart []check) {
	var single, sureSingle, many []string
	seen := map[string]bool{}
	for i, one := range checks {
		for _, need := range one.needs {
			if !seen[need.name] {
				seen[need.name] = true
				variables = append(variables, need)
			}
		}
		name := fmt.Sprintf("check%d", i+1)
		variables = append(variables, variable{name, one.list})
		switch name = "variables." + name; {
		case one.many:
			many = append(many, name)
		case one.expression != "":
			single, apart = append(single, name), append(apart, one)
		default:
			single, sureSingle = append(single, name), append(sureSingle, name)
		}
	}
	return variables, append(firsts(single), many...), append(firsts(sureSingle), many...), apart
}

// firsts joins lists that hold one text at most.
func firsts(lists []string) []string {
	if len(lists) == 0 {
		return nil
	}
	return []string{listOf(lists) + ".filter(l, l.size() > 0).map(l, l[0])"}
}

// order is the place of a field in a refusal, as the webhook has it.
func order(field topic.Field) int {
	return slices.Index([]topic.FieldKind{
		topic.KindObject, topic.KindObjectName, topic.KindLabel, topic.KindAnnotation, topic.KindCluster, topic.KindTopicName,
		topic.KindPartitions, topic.KindReplicas, topic.KindConfig, topic.KindUnmanaged, topic.KindDeletion, topic.KindSpec,
	}, field.Kind())
}

// mostRunes is how long one text may be when not even the first fits.
const mostRunes = 1000

// joined makes a list of all texts of that name, and one line of them, bounded like that of the built-in policy.
func joined(name string, lists []string) []variable {
	numbers := make([]string, mostEntries)
	for i := range numbers {
		numbers[i] = strconv.Itoa(i)
	}
	all, of := listOf(numbers), "variables."+name
	return []variable{
		{name, strings.Join(lists, " +\n")},
		{name + "_first", all + ".filter(i, i < " + of + ".size()).map(i, '* ' + " + line(of+"[i]") + ")"},
		{name + "_prefixes", all + ".filter(n, n < " + of + "_first.size()).map(n,\n  " + all + ".filter(i, i <= n).map(i, " + of + "_first[i]))"},
		{name + "_fitting", of + "_prefixes.filter(p, bytes(p.join(' ')).size() <= " + strconv.Itoa(mostBytes) + ")"},
		{name + "_shown", of + ".size() == 0 ? [''] : " + of + "_fitting.size() > 0 ? " + of + "_fitting[" + of + "_fitting.size() - 1] :\n" +
			"[" + of + "_first[0].substring(0, " + strconv.Itoa(mostRunes) + ") + '…']"},
		{name + "_told", "'breaks ' + string(" + of + ".size()) + (" + of + ".size() == 1 ? ' rule: ' : ' rules: ') + " + of + "_shown.join(' ') +\n" +
			"(" + of + ".size() > " + of + "_shown.size() ? ' and ' + string(" + of + ".size() - " + of + "_shown.size()) + ' more' : '')"},
	}
}

// briefly tells one text alone.
func briefly(text string) string {
	return "[" + text + "].map(t, " + line("t") + ").map(t, 'breaks 1 rule: * ' + (t.size() > " + strconv.Itoa(mostRunes) +
		" ? t.substring(0, " + strconv.Itoa(mostRunes) + ") + '…' : t))[0]"
}

// line keeps a text on one line: the API server drops a message of several.
func line(text string) string { return text + ".replace('\\n', ' ').replace('\\r', ' ')" }
