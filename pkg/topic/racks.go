package topic

// Racks counts the racks that brokers are in, given by their names. A broker that names none is in one of its own.
func Racks(names []string) int64 {
	named, alone := map[string]bool{}, int64(0)
	for _, name := range names {
		if name == "" {
			alone++
			continue
		}
		named[name] = true
	}
	return int64(len(named)) + alone
}
