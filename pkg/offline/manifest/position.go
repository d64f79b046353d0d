package manifest

import (
	"fmt"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
)

// Position is a place in a file. Line and Column count from 1; 0 is unknown.
type Position struct {
	File         string
	Line, Column int
}

// String is file:line:column, as compilers print it; what is unknown is left out.
func (p Position) String() string {
	switch {
	case p.Line == 0:
		return p.File
	case p.Column == 0:
		return fmt.Sprintf("%s:%d", p.File, p.Line)
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
}

// Problem is something in a file that cannot be read, or cannot work.
type Problem struct {
	Position
	Text string
	// Unknown says that the problem is a field that the type does not have.
	Unknown bool
}

// Error is the position and the text.
func (p Problem) Error() string { return p.String() + ": " + p.Text }

// At is where a path such as spec.config[retention.ms] or spec.rules[0].name stands in the document: the value where it is
// a scalar, else its key; where the path leads nowhere, the nearest parent that there is.
func (d Document) At(path string) Position {
	if d.node == nil {
		return Position{File: d.File}
	}
	at, node := d.node, d.node
	for _, step := range steps(path) {
		key, value := child(node, step, 0)
		if value == nil {
			break
		}
		at, node = key, resolved(value)
		if value.Kind == yaml.ScalarNode && value.Tag != yaml.NodeTagNull || value.Kind == yaml.AliasNode {
			at = value
		}
	}
	return Position{File: d.File, Line: at.Line + d.offset, Column: at.Column}
}

// steps splits a path; brackets hold keys with dots in them, or indexes.
func steps(path string) []string {
	var found []string
	for path != "" {
		if path[0] == '[' {
			inside, rest, _ := strings.Cut(path[1:], "]")
			found, path = append(found, strings.Trim(inside, `"`)), rest
			continue
		}
		path = strings.TrimPrefix(path, ".")
		end := strings.IndexAny(path, ".[")
		if end < 0 {
			end = len(path)
		}
		if end > 0 {
			found = append(found, path[:end])
		}
		path = path[end:]
		if end == 0 && path != "" && path[0] == '.' {
			path = path[1:]
		}
	}
	return found
}

// mostMerges bounds how deep merge keys (<<) are followed.
const mostMerges = 10

// child is the node that stands for a step, and its value. Both are nil where there is none.
func child(node *yaml.Node, step string, merges int) (key, value *yaml.Node) {
	if node.Kind == yaml.MappingNode {
		return entry(node, step, merges)
	}
	item := element(node, step) // of what is no list either, none
	return item, item
}

func entry(node *yaml.Node, step string, merges int) (key, value *yaml.Node) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		if node.Content[i].Value == step {
			return node.Content[i], node.Content[i+1]
		}
	}
	for i := 0; i+1 < len(node.Content) && merges < mostMerges; i += 2 {
		if node.Content[i].Tag != "!!merge" {
			continue
		}
		if key, value = child(resolved(node.Content[i+1]), step, merges+1); value != nil {
			return key, value
		}
	}
	return nil, nil
}

// element is an item of a list, by its index or by what its name or key says.
func element(node *yaml.Node, step string) *yaml.Node {
	if index, err := strconv.Atoi(step); err == nil && index >= 0 && index < len(node.Content) {
		return node.Content[index]
	}
	for _, item := range node.Content {
		for _, name := range []string{"name", "key"} {
			if _, value := child(resolved(item), name, 0); value != nil && value.Value == step {
				return item
			}
		}
	}
	return nil
}

// resolved follows an alias to what it stands for.
func resolved(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode && node.Alias != nil {
		return node.Alias
	}
	return node
}
