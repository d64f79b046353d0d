// Package allowall is the floor of a webhook: what none can do without. It imports next to nothing, so that a program made
// of it also says what the memory of a webhook is at least.
package allowall

import (
	"encoding/json"
	"net/http"

	admissionv1 "k8s.io/api/admission/v1"
)

// Handler decodes a review, as every webhook must, and allows what is in it without looking.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var review admissionv1.AdmissionReview
		if err := json.NewDecoder(r.Body).Decode(&review); err != nil || review.Request == nil {
			http.Error(w, "want an AdmissionReview", http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		// A client that left needs no answer.
		_ = json.NewEncoder(w).Encode(admissionv1.AdmissionReview{
			TypeMeta: review.TypeMeta, Response: &admissionv1.AdmissionResponse{UID: review.Request.UID, Allowed: true},
		})
	})
}
