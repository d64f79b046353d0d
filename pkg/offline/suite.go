package offline

// SuiteKind is the kind of files that `policy test` reads; the API server knows no such kind.
const SuiteKind = "PolicySuite"
