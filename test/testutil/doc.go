// Package testutil builds the values that tests of the pure packages speak of, so that a case shows only what matters:
//
//	testutil.Topic("orders").Partitions(6).Config("retention.ms", "60000").Declared()
package testutil
