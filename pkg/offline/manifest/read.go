package manifest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// MostBytes is how large a document of one object may be: what the API server takes in one request.
const MostBytes = 3 << 20

// Document is one object of a file.
type Document struct {
	File                              string
	APIVersion, Kind, Namespace, Name string
	// JSON is the object as kubectl would send it.
	JSON []byte

	node   *yaml.Node
	offset int // lines of the file before the text that node was read from
}

// Read reads every object of a text whose documents are of at most so many bytes; lists are taken apart. What cannot be read
// is told with its position, and the other documents are read all the same.
func Read(file string, data []byte, most int) ([]Document, []Problem) {
	var documents []Document
	var problems []Problem
	for _, chunk := range split(data) {
		if len(chunk.text) > most {
			problems = append(problems, Problem{
				Position: Position{File: file, Line: chunk.offset + 1},
				Text:     fmt.Sprintf("a document of %d bytes; at most %d are read", len(chunk.text), most),
			})
			continue
		}
		read, wrong := chunk.read(file)
		documents, problems = append(documents, read...), append(problems, wrong...)
	}
	return documents, problems
}

// chunk is the text of one document.
type chunk struct {
	text   []byte
	offset int
}

// split cuts a text before each line that begins a document. Inside a document no line can begin so: not even a block of
// text may.
func split(data []byte) []chunk {
	var chunks []chunk
	start, offset, line := 0, 0, 0
	for at := 0; at < len(data); line++ {
		if at > start && separates(data[at:]) {
			chunks = append(chunks, chunk{data[start:at], offset})
			start, offset = at, line
		}
		next := bytes.IndexByte(data[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return append(chunks, chunk{data[start:], offset})
}

func separates(rest []byte) bool {
	return bytes.HasPrefix(rest, []byte("---")) && (len(rest) == 3 || strings.ContainsRune(" \t\r\n", rune(rest[3])))
}

func (c chunk) read(file string) ([]Document, []Problem) {
	document := Document{File: file, JSON: c.text, offset: c.offset}
	isJSON := json.Valid(c.text)
	if isJSON && len(c.text) > MostBytes { // facts: nobody asks where in them something stands, and nodes cost the tenfold
		return document.unpack(0)
	}
	var err error
	if document.node, err = c.parse(isJSON); err != nil {
		return nil, c.problems(file, err)
	}
	if document.node == nil {
		return nil, nil
	}
	if !isJSON {
		if document.JSON, err = sigsyaml.YAMLToJSONStrict(c.text); err != nil {
			return nil, c.problems(file, err)
		}
	}
	return document.unpack(0)
}

var errSecondDocument = errors.New("a second document begins without a line of ---")

// parse looks at the text for its positions; nil is a document that holds nothing.
func (c chunk) parse(isJSON bool) (*yaml.Node, error) {
	text := c.text
	if isJSON { // JSON may be indented by tabs, YAML may not
		text = bytes.ReplaceAll(text, []byte("\t"), []byte(" "))
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document yaml.Node
	switch err := decoder.Decode(&document); {
	case errors.Is(err, io.EOF):
		return nil, nil //nolint:nilnil // an empty document is no failure
	case err != nil:
		return nil, err
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		return nil, cmp.Or(err, errSecondDocument)
	}
	if len(document.Content) == 0 || document.Content[0].Tag == yaml.NodeTagNull {
		return nil, nil //nolint:nilnil // an empty document is no failure
	}
	return document.Content[0], nil
}

var lineOf = regexp.MustCompile(`line (\d+): `)

// problems takes a parser's error apart: it counts lines from the beginning of the document, and may hold several.
func (c chunk) problems(file string, err error) []Problem {
	var found []Problem
	for text := range strings.SplitSeq(err.Error(), "\n") {
		text = strings.TrimPrefix(strings.TrimSpace(text), "error converting YAML to JSON: ")
		if text == "yaml: unmarshal errors:" {
			continue
		}
		at := Position{File: file, Line: c.offset + 1}
		if match := lineOf.FindStringSubmatchIndex(text); match != nil {
			line, _ := strconv.Atoi(text[match[2]:match[3]])
			at.Line, text = c.offset+line, text[:match[0]]+text[match[1]:]
		}
		found = append(found, Problem{Position: at, Text: strings.TrimPrefix(text, "yaml: ")})
	}
	return found
}

// mostNested bounds lists of lists.
const mostNested = 3

// unpack names the object, or takes a list apart.
func (d Document) unpack(depth int) ([]Document, []Problem) {
	var head struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Metadata   struct {
			Name         string `json:"name"`
			GenerateName string `json:"generateName"`
			Namespace    string `json:"namespace"`
		} `json:"metadata"`
		Items []json.RawMessage `json:"items"`
	}
	if err := json.Unmarshal(d.JSON, &head); err != nil {
		return nil, []Problem{{Position: d.At(""), Text: "is no Kubernetes object: " + wrongType(err)}}
	}
	d.APIVersion, d.Kind = head.APIVersion, head.Kind
	d.Namespace, d.Name = head.Metadata.Namespace, head.Metadata.Name
	if d.Name == "" && head.Metadata.GenerateName != "" {
		d.Name = head.Metadata.GenerateName + "xxxxx" // the API server adds five characters that nobody knows yet
	}
	if !strings.HasSuffix(d.Kind, "List") || depth == mostNested {
		return []Document{d}, nil
	}
	var documents []Document
	var problems []Problem
	var items *yaml.Node
	if d.node != nil {
		_, items = child(d.node, "items", 0)
	}
	for i, raw := range head.Items {
		item := Document{File: d.File, JSON: raw, node: d.node, offset: d.offset}
		if items != nil && i < len(resolved(items).Content) {
			item.node = resolved(resolved(items).Content[i])
		}
		read, wrong := item.unpack(depth + 1)
		documents, problems = append(documents, read...), append(problems, wrong...)
	}
	return documents, problems
}

// Part is what stands at a path of the document, as a document of its own.
func (d Document) Part(path string, content []byte) Document {
	part := Document{File: d.File, JSON: content, offset: d.offset, node: d.node}
	for _, step := range steps(path) {
		if part.node == nil {
			break
		}
		if _, part.node = child(part.node, step, 0); part.node != nil {
			part.node = resolved(part.node)
		}
	}
	named, problems := part.unpack(mostNested)
	if len(problems) > 0 || len(named) == 0 {
		return part
	}
	return named[0]
}
