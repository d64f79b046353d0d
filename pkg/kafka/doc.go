// Package kafka is the shell around Kafka's wire protocol, and the only package that imports a Kafka client. It turns
// requests and answers into the neutral records of pkg/topic and decides nothing: what to do is pkg/sync's.
//
// # What it looks at
//
// [Client.DescribeCluster] reads the brokers and, from each of them, whether it creates topics by itself;
// [Client.Observe] reads topics; [Client.Usage] says whether somebody would miss one. Of topics that no object declares,
// [Client.Ends] tells whether something was written, [Client.Groups] and [Client.Evidence] whose they may be, and
// [Client.Creators] who may make them. No look ever creates a topic: every Metadata request forbids it. Reads go past the client's own caches, for a look that is older than the last
// write would undo it. They may still be stale for seconds, because a broker shows a change only after it has applied
// it: nothing here believes in absence, the caller does when it has seen it twice.
//
// # What it changes
//
// [Client.Create], [Client.Grow], [Client.Alter] and [Client.Delete] send many changes in few requests, each kind
// within the limit that was measured for it, and give one outcome for each change in the order asked. A refusal of one
// change never hides another. What Kafka leaves open (a timeout, an unknown error, a broken connection) is reported as
// such: the change may have happened, and only another look can tell. [Client.SwitchOffRedpandaAutoCreate] is the one
// change to brokers.
//
// # Non-obvious
//
//   - Mutations have a client of their own. Once Kafka throttles a connection, the client holds back everything else on
//     it for as long (10 to 30 s were seen), and reads must not wait for that.
//   - POLICY_VIOLATION is also what Kafka answers when a request is too large, for every change in it. Only its text
//     tells the two apart; then the request is split and sent again.
//   - Only deletion by ID exists here. A name would hit a topic that somebody else has created since.
//   - Error 31 of forwarded requests carries an internal dump with addresses as its message, so authorization errors
//     are always told in our own words. So are transport errors: their text names addresses.
//   - What cannot be found out is said to be unknown, never to be nothing: bytes, records, groups, ACLs. An ACL store is the
//     word on who may do what only where the brokers name Kafka's own authorizer.
//   - Apache Kafka answers success to broker settings that it does not know, stores them, and shows them without value. So
//     success says nothing about a setting of Redpanda's unless the brokers are known to be Redpanda's, by their cluster ID.
//   - What an authorizer is configured with (super.users, allow.everyone.if.no.acl.found) the brokers do not know by name
//     either: it is shown as set, as a secret, without value; what is not set is absent.
//   - A look at all topics silently leaves out those that the principal may not describe; see [Client.Observe] for how
//     that is found out.
//
// # What rests on kfake alone
//
// Tests run on a real Apache Kafka (the basics on 3.9, 4.3 and 4.4, rights on 3.9 and 4.4), save for what it cannot be
// made to do at will or cheaply. On kfake, with injected faults, rest: the sizes of requests and their splitting (the
// two texts were seen on real brokers); growth in steps; giving up on a throttle that lasts too long; timeouts, unknown
// errors and answers that leave a change out; connections that break in the middle of a change; brokers older than 3.9; one
// kind of evidence that fails beside the others; authorizers that are not Kafka's, and settings of them that are shown; and
// everything about Redpanda, which was read in its source and never run.
package kafka
