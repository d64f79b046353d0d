// Package plan decides what the syncer does next: Compute turns declared topics and what the brokers showed into
// actions, refusals and settled objects. It is pure: no context, clock, logger, metric or error; dry-run prints the plan.
//
// # Laws
//
//   - Accounted for: every object in scope ends in exactly one of acted on, refused with a reason, settled.
//   - Quiet: once the actions have been carried out, planning again yields none.
//   - Deterministic: shuffled input gives the same plan.
//   - Safe: no plan lowers partitions or moves replicas; no topic is deleted unless the deletion of its own object was
//     asked for and every guard passed; nobody's topic is touched through another object.
//   - Absence is never a delete: an object that is not in the input causes nothing at all.
//
// # The life of an object
//
//	 stored ──► eligible? ──no──► refused (reason)
//	              │yes
//	            owner? ───no───► refused (DuplicateClaim)
//	              │yes
//	 topic absent ├──► AddFinalizer (Delete only) ─► Create ─► … ─► settled
//	 topic theirs ├──► refused (AdoptionNotPermitted, AdoptionDiffers)
//	 topic ours   ├──► Grow / Alter ─► … ─► settled
//	              │
//	deleting ─────┴──► released (Retain, namespace or CRD terminating, not ours, gone)
//	                   └─► protected? over the limit? ─no─► Delete by ID ─► gone ─► released
package plan
