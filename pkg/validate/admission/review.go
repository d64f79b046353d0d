package admission

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	kjson "sigs.k8s.io/json"
)

const (
	// largest is the most bytes of a review: the API server takes objects of up to 3 MiB, and an update carries two.
	largest = 7 << 20
	// everyday is the size of a review that counts once against the in-flight limit; typical ones have 2 to 6 KiB.
	everyday = 64 << 10
	// mostDiscarded is how much of a refused body is read and dropped, so that its sender gets to read the refusal.
	mostDiscarded = 32 << 20

	defaultPatience = 10 * time.Second // what the API server waits where a configuration says nothing
	mostPatience    = 30 * time.Second // what it waits at most
)

// badRequest is the answer to what is no AdmissionReview.
type badRequest struct {
	status  int
	message string
}

// patience is how long the API server waits for the answer: it says so in the URL.
func patience(r *http.Request) time.Duration {
	given, err := time.ParseDuration(r.URL.Query().Get("timeout"))
	if err != nil || given <= 0 {
		return defaultPatience
	}
	return min(given, mostPatience)
}

// admissible looks at everything but the body, and returns the body's size; the largest one where the sender gives none.
func admissible(r *http.Request) (size int64, problem *badRequest) {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Method != http.MethodPost:
		return 0, &badRequest{http.StatusBadRequest, "want POST, got " + r.Method}
	case err != nil || mediaType != "application/json":
		return 0, &badRequest{http.StatusBadRequest, "want Content-Type: application/json"}
	case r.ContentLength > largest:
		return 0, tooLarge()
	case r.ContentLength < 0:
		return largest, nil
	default:
		return r.ContentLength, nil
	}
}

// weight is how many everyday reviews a body of a size stands for.
func weight(size int64) int64 { return 1 + size/everyday }

// readReview reads and decodes the one AdmissionReview that the body must hold; known passes on what is known to be wrong.
// The decoder bounds the depth of nesting.
func readReview(w http.ResponseWriter, r *http.Request, known *badRequest) (*admissionv1.AdmissionReview, *badRequest) {
	if known != nil {
		return nil, known
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
	if tooMuch := (*http.MaxBytesError)(nil); errors.As(err, &tooMuch) {
		return nil, tooLarge()
	}
	if err != nil {
		return nil, &badRequest{http.StatusBadRequest, "the body could not be read to its end"}
	}
	review := &admissionv1.AdmissionReview{}
	switch err := kjson.UnmarshalCaseSensitivePreserveInts(body, review); {
	case err != nil:
		return nil, &badRequest{http.StatusBadRequest, "the body is no AdmissionReview in JSON"}
	case review.Kind != "AdmissionReview" || review.APIVersion != admissionv1.SchemeGroupVersion.String():
		return nil, &badRequest{http.StatusBadRequest, "want an AdmissionReview of " + admissionv1.SchemeGroupVersion.String()}
	case review.Request == nil || review.Request.UID == "":
		return nil, &badRequest{http.StatusBadRequest, "the AdmissionReview holds no request, or one without uid"}
	}
	return review, nil
}

func tooLarge() *badRequest {
	return &badRequest{http.StatusRequestEntityTooLarge, "want 7 MiB or less"}
}

// discard drops what is left of a refused body: a sender that is still writing when the connection ends sees an error of
// the network instead of our answer.
func discard(r *http.Request) {
	// Whatever goes wrong here is the sender's loss.
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, mostDiscarded))
}
