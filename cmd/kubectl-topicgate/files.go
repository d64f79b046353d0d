package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/topicgate/topicgate/pkg/offline"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
)

// mostFileBytes is how large a file may be; a facts file of 20,000 topics has some 40 MB.
const mostFileBytes = 256 << 20

var errFileTooBig = errors.New("the file is too big")

// stdinPath stands for standard input, and stdinName is what positions in it are shown with.
const (
	stdinPath = "-"
	stdinName = "stdin"
)

// manifestFile says whether a file of a directory is read.
func manifestFile(name string) bool {
	return slices.Contains([]string{".yaml", ".yml", ".json"}, strings.ToLower(filepath.Ext(name)))
}

// readPaths reads files, directories with all that is in them, and standard input; documents of at most so many bytes. A file
// that is named twice is read once.
func readPaths(paths []string, stdin io.Reader, most int) ([]manifest.Document, []manifest.Problem, error) {
	var documents []manifest.Document
	var problems []manifest.Problem
	seen := map[string]bool{}
	for _, path := range paths {
		files, err := filesOf(path)
		if err != nil {
			return nil, nil, badInput(err)
		}
		for _, file := range files {
			if seen[file] {
				continue
			}
			seen[file] = true
			name, data, err := readFile(file, stdin)
			if err != nil {
				return nil, nil, badInput(err)
			}
			read, wrong := manifest.Read(name, data, most)
			documents, problems = append(documents, read...), append(problems, wrong...)
		}
	}
	return documents, problems, nil
}

// readManifests is readPaths for objects; problems with them are the error.
func readManifests(paths []string, stdin io.Reader, namespace string) (offline.Manifests, error) {
	documents, problems, err := readPaths(paths, stdin, manifest.MostBytes)
	return collect(documents, problems, err, namespace)
}

// readFacts is readManifests for files that may hold everything that a cluster knows in one list.
func readFacts(paths []string) (offline.Manifests, error) {
	documents, problems, err := readPaths(paths, nil, mostFileBytes)
	return collect(documents, problems, err, metav1.NamespaceDefault)
}

func collect(documents []manifest.Document, problems []manifest.Problem, err error, namespace string) (offline.Manifests, error) {
	if err != nil {
		return offline.Manifests{}, err
	}
	manifests, wrong := offline.Collect(documents, namespace)
	if problems = append(problems, wrong...); len(problems) > 0 {
		return manifests, badInputs(problems)
	}
	return manifests, nil
}

// filesOf are the files of a path, sorted. Hidden directories are left out, and links are not followed: both lead to what
// nobody named.
func filesOf(path string) ([]string, error) {
	if path == stdinPath {
		return []string{stdinPath}, nil
	}
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	if wrong, is := errors.AsType[*fs.PathError](err); is {
		err = wrong.Err // what was called is nobody's business
	}
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading %s: %w", path, err)
	case !info.IsDir():
		return []string{path}, nil
	}
	files, err := walk(path)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	return files, nil
}

// walk finds the manifests in a directory and below.
func walk(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(at string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && at != dir && strings.HasPrefix(entry.Name(), "."):
			return filepath.SkipDir
		case entry.Type().IsRegular() && manifestFile(at):
			files = append(files, at)
		}
		return nil
	})
	return files, err
}

func readFile(path string, stdin io.Reader) (name string, data []byte, err error) {
	name, from := filepath.ToSlash(path), stdin
	if path == stdinPath {
		name = stdinName
	} else {
		file, err := os.Open(path)
		if err != nil {
			return name, nil, fmt.Errorf("reading: %w", err)
		}
		defer func() { _ = file.Close() }() // it was only read
		from = file
	}
	data, err = io.ReadAll(io.LimitReader(from, mostFileBytes+1))
	switch {
	case err != nil:
		return name, nil, fmt.Errorf("reading %s: %w", name, err)
	case len(data) > mostFileBytes:
		return name, nil, fmt.Errorf("reading %s: %w: at most %d bytes are read", name, errFileTooBig, mostFileBytes)
	}
	return name, data, nil
}
