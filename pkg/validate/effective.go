package validate

import "github.com/topicgate/topicgate/pkg/topic"

// number is the effective value of a config that is a whole number: as declared, or the brokers' default. It is not known
// where the declared value cannot be read, which is the config rule's to tell.
func (in Input) number(key string) (int64, bool) { return in.numberOf(in.New, key) }

func (in Input) numberOf(declared topic.Declared, key string) (int64, bool) {
	text, known := in.effective(declared, key)
	if !known {
		return 0, false
	}
	definition, _ := in.table().Lookup(key)
	return definition.Whole(text)
}

// canonical is the effective value of a config in the form in which brokers show it; empty where it cannot be read.
func (in Input) canonical(key string) string { return in.canonicalOf(in.New, key) }

func (in Input) canonicalOf(declared topic.Declared, key string) string {
	text, known := in.effective(declared, key)
	if !known {
		return ""
	}
	definition, _ := in.table().Lookup(key)
	canonical, _ := definition.Parse(text)
	return canonical
}

// effective is what the brokers go by: the declared value, or their default.
func (in Input) effective(declared topic.Declared, key string) (string, bool) {
	definition, known := in.table().Lookup(key)
	if !known {
		return "", false
	}
	value, set := declared.Config[key]
	if !set {
		if own, told := in.broker().Defaults[key]; told {
			return own, true
		}
		return definition.Default, true
	}
	_, problem := definition.Parse(value.Text)
	return value.Text, value.Problem == "" && problem == nil
}
