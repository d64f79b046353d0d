// Package foreign reads the objects of other products that run Kafka: Strimzi's and Koperator's. It says which topic an object
// declares and for which cluster, whether one leaves automatic topic creation on, and what would switch it off there. It
// is pure, and takes objects as they come out of JSON.
//
// What is known of these kinds comes from their public schemas and sources; neither product was run against it.
package foreign
