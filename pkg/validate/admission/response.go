package admission

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/topic"
)

// fault is one thing wrong, at its path in the object.
type fault struct {
	path   string
	reason topic.Reason
	text   string
}

// mostFaults is how many faults are listed: with thousands of rules nobody reads on, and an answer has to stay small.
const mostFaults = 100

// capped are the first faults, and one more that says how many there are beside.
func capped(faults []fault) []fault {
	if len(faults) <= mostFaults {
		return faults
	}
	rest := fault{path: "spec", reason: faults[mostFaults].reason, text: fmt.Sprintf("and %d more", len(faults)-mostFaults)}
	return append(slices.Clip(faults[:mostFaults]), rest)
}

func allowed() *admissionv1.AdmissionResponse { return &admissionv1.AdmissionResponse{Allowed: true} }

// invalid refuses a create or an update. kubectl prints the causes of one object and the message of several, so both hold
// everything.
func invalid(request *admissionv1.AdmissionRequest, name string, faults []fault) *admissionv1.AdmissionResponse {
	status := &metav1.Status{
		Status:  metav1.StatusFailure,
		Code:    http.StatusUnprocessableEntity,
		Reason:  metav1.StatusReasonInvalid,
		Message: inOne(request.Namespace, name, faults),
		Details: &metav1.StatusDetails{Group: request.Kind.Group, Kind: request.Kind.Kind, Name: name},
	}
	for _, fault := range capped(faults) {
		status.Details.Causes = append(status.Details.Causes, metav1.StatusCause{
			Type: metav1.CauseType(fault.reason), Field: topic.Plain(fault.path), Message: topic.Plain(fault.text),
		})
	}
	return &admissionv1.AdmissionResponse{Result: status}
}

// forbidden refuses a deletion.
func forbidden(request *admissionv1.AdmissionRequest, faults []fault) *admissionv1.AdmissionResponse {
	response := invalid(request, request.Name, faults)
	response.Result.Code, response.Result.Reason = http.StatusForbidden, metav1.StatusReasonForbidden
	response.Result.Message = request.Namespace + "/" + request.Name + " cannot be deleted now:" + bullets(faults)
	return response
}

// inOne is the whole list in one text: a headline and a bullet a fault.
func inOne(namespace, name string, faults []fault) string {
	var b strings.Builder
	if namespace != "" {
		b.WriteString(namespace + "/")
	}
	rules := "rules"
	if len(faults) == 1 {
		rules = "rule"
	}
	fmt.Fprintf(&b, "%s breaks %d %s:", name, len(faults), rules)
	return b.String() + bullets(faults)
}

func bullets(faults []fault) string {
	var b strings.Builder
	for _, fault := range capped(faults) {
		b.WriteString("\n• " + topic.Plain(fault.path) + ": " + topic.Plain(fault.text))
	}
	return b.String()
}

// undecided refuses because a fact could not be looked up, or time ran out.
func undecided(err error) *admissionv1.AdmissionResponse {
	return &admissionv1.AdmissionResponse{Result: &metav1.Status{
		Status: metav1.StatusFailure, Code: http.StatusInternalServerError, Reason: metav1.StatusReasonInternalError,
		Message: "could not decide, try again: " + err.Error(),
	}}
}

// unchecked allows though a fact could not be looked up, and says so.
func unchecked(what string, err error) *admissionv1.AdmissionResponse {
	response := allowed()
	response.Warnings = []string{topic.Plain(what + err.Error())}
	return response
}

// misdirected refuses a review that this path does not judge.
func misdirected(format string, args ...any) *admissionv1.AdmissionResponse {
	return &admissionv1.AdmissionResponse{Result: &metav1.Status{
		Status: metav1.StatusFailure, Code: http.StatusBadRequest, Reason: metav1.StatusReasonBadRequest,
		Message: fmt.Sprintf(format, args...),
	}}
}

// What API servers pass on of warnings: all together so many characters and, once there are more, so many of each.
const (
	mostWarned     = 4096
	mostWarnedEach = 256
)

// warnings are whole as long as the API server passes them on whole, and else cut in a place of our choosing.
func warnings(faults []fault) []string {
	texts, total := make([]string, len(faults)), 0
	for i, fault := range faults {
		texts[i] = topic.Plain(fault.path + ": " + fault.text)
		total += utf8.RuneCountInString(texts[i])
	}
	if total <= mostWarned {
		return texts
	}
	for i := range texts {
		texts[i] = shorten(texts[i], mostWarnedEach)
	}
	return texts
}

// shorten cuts a text at a word, and keeps the tag of a policy's rule at its end.
func shorten(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	var tag []rune
	if at := strings.LastIndex(text, " ["); at > 0 && strings.HasSuffix(text, "]") {
		if tag = []rune(text[at:]); len(tag) > most/2 {
			tag = nil
		}
	}
	kept := string(runes[:most-len(tag)-1])
	if space := strings.LastIndexByte(kept, ' '); space > 0 {
		kept = kept[:space]
	}
	return kept + "…" + string(tag)
}
