package policy

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/topicgate/topicgate/pkg/apis/v1alpha1"
	"github.com/topicgate/topicgate/pkg/topic"
)

// fill is what a policy fills in.
type fill struct {
	partitions, replicas *int64
	config               map[string]string
	atAdmission          bool
}

// Default is a value that a policy fills in where the object leaves it out.
type Default struct {
	Value  string
	Policy string
	// AtAdmission says that the webhook writes it into the object; else the syncer uses it when it creates the topic.
	AtAdmission bool
}

// Defaults are what policies fill in; what none does is nil or absent.
type Defaults struct {
	Partitions, Replicas *Default
	Config               map[string]Default
}

// Fill fills the creation of a topic.
func (d Defaults) Fill(creation *topic.Creation) {
	if d.Partitions != nil {
		creation.Partitions, _ = strconv.ParseInt(d.Partitions.Value, 10, 64)
	}
	if d.Replicas != nil {
		creation.Replicas, _ = strconv.ParseInt(d.Replicas.Value, 10, 64)
	}
	for key, filled := range d.Config {
		creation.Config[key] = filled.Value
	}
}

// compileDefaults reads what a policy fills in.
func (c *compiler) compileDefaults(path string, spec *v1alpha1.PolicyDefaults) fill {
	if spec == nil {
		return fill{}
	}
	c.positive(path+".partitions", spec.Partitions)
	c.positive(path+".replicas", spec.Replicas)
	f := fill{partitions: spec.Partitions, replicas: spec.Replicas, atAdmission: spec.Apply == v1alpha1.DefaultsAtAdmission}
	if len(spec.Config) > 0 {
		f.config = make(map[string]string, len(spec.Config))
	}
	for key, amount := range spec.Config {
		f.config[key] = string(amount)
		where := path + ".config[" + key + "]"
		if definition, known := c.newest.Lookup(key); !known {
			c.warn(where, key, "Kafka "+c.newest.Line()+" has no such topic config", suggestKey(c.newest, key))
		} else if _, problem := definition.Parse(string(amount)); problem != nil {
			c.problem(where, string(amount), problem.Message, strings.TrimSpace(problem.Limit+" "+problem.Fix))
		}
	}
	if f.partitions == nil && f.replicas == nil && f.config == nil {
		c.problem(path, "", "fills nothing", "partitions, replicas or config")
	}
	return f
}

// Defaults are what the matching policies fill in for an object that leaves it out: of several the policy of the highest
// priority wins, then the first by name. A topic that exists is given none.
func (s *Set) Defaults(in Input) Defaults {
	if s.Empty() {
		return Defaults{}
	}
	return defaultsOf(s.matching(in).policies, in, in.New)
}

// defaultsOf fills new topics only: what is on the brokers keeps what it has. Of that, a config that a default gave it is
// taken to be as the default is now, where nobody has looked.
func defaultsOf(policies []*Policy, in Input, declared topic.Declared) Defaults {
	var d Defaults
	made := exists(in, declared)
	for _, p := range byPriority(policies) {
		if p.fill.partitions != nil && !made && declared.Partitions == nil && d.Partitions == nil {
			d.Partitions = p.fill.count(p, *p.fill.partitions)
		}
		if p.fill.replicas != nil && !made && declared.Replicas == nil && d.Replicas == nil {
			d.Replicas = p.fill.count(p, *p.fill.replicas)
		}
		d.fillConfig(p, declared, made)
	}
	return d
}

func (d *Defaults) fillConfig(p *Policy, declared topic.Declared, made bool) {
	for key, value := range p.fill.config {
		_, set := declared.Config[key]
		_, filled := d.Config[key]
		kept := made && !slices.Contains(declared.Recorded.DefaultedConfig, key)
		if set || filled || kept || declared.HandsOff(key) {
			continue
		}
		if d.Config == nil {
			d.Config = map[string]Default{}
		}
		d.Config[key] = Default{Value: value, Policy: p.Name, AtAdmission: p.fill.atAdmission}
	}
}

// byPriority are the policies that fill anything in, whose default wins first: highest priority, then name.
func byPriority(policies []*Policy) []*Policy {
	var filling []*Policy
	for _, p := range policies {
		if p.fill.partitions != nil || p.fill.replicas != nil || p.fill.config != nil {
			filling = append(filling, p)
		}
	}
	slices.SortStableFunc(filling, func(a, b *Policy) int { return cmp.Compare(b.priority, a.priority) }) // they come by name
	return filling
}

func (f fill) count(p *Policy, n int64) *Default {
	return &Default{Value: strconv.FormatInt(n, 10), Policy: p.Name, AtAdmission: f.atAdmission}
}
