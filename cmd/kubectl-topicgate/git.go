package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/topicgate/topicgate/pkg/cli"
	"github.com/topicgate/topicgate/pkg/offline/manifest"
)

// readBase reads what paths held at a commit. It only reads from the repository.
func readBase(ctx context.Context, ref string, paths []string) ([]manifest.Document, []manifest.Problem, error) {
	if ref == "" || strings.HasPrefix(ref, "-") {
		return nil, nil, cli.BadFlag("base", ref, "a commit, a branch or a tag")
	}
	var documents []manifest.Document
	var problems []manifest.Problem
	seen := map[string]bool{}
	for _, path := range paths {
		dir, only, err := repositoryPath(path)
		if err != nil {
			return nil, nil, err
		}
		files, err := filesAt(ctx, ref, dir, only)
		if err != nil {
			return nil, nil, badInput(err)
		}
		for _, file := range files {
			name := filepath.ToSlash(filepath.Join(dir, file))
			if seen[name] {
				continue
			}
			seen[name] = true
			data, err := git(ctx, dir, "show", ref+":./"+file)
			if err != nil {
				return nil, nil, badInput(err)
			}
			read, wrong := manifest.Read(ref+":"+name, data, manifest.MostBytes)
			documents, problems = append(documents, read...), append(problems, wrong...)
		}
	}
	return documents, problems, nil
}

// repositoryPath is the directory to ask git in, and the one file in it that is meant, where it is one.
func repositoryPath(path string) (dir, only string, err error) {
	if path == stdinPath {
		return "", "", cli.BadFlag("base", path, "files or directories with -f; what comes from standard input has no history")
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", "", badInput(fmt.Errorf("reading: %w", err))
	}
	if info.IsDir() {
		return path, "", nil
	}
	return filepath.Dir(path), filepath.Base(path), nil
}

// filesAt are the manifests that a directory held at a commit, relative to it.
func filesAt(ctx context.Context, ref, dir, only string) ([]string, error) {
	args := []string{"ls-tree", "-r", "-z", ref}
	if only != "" {
		args = append(args, "--", only)
	}
	list, err := git(ctx, dir, args...)
	if err != nil {
		return nil, err
	}
	var files []string
	for entry := range strings.SplitSeq(string(list), "\x00") {
		about, name, _ := strings.Cut(entry, "\t")
		if strings.HasPrefix(about, "100") && (only != "" || manifestFile(name) && !hidden(name)) { // neither link nor submodule
			files = append(files, name)
		}
	}
	return files, nil
}

// hidden says whether a file lies in a hidden directory, which is left out as it is on disk.
func hidden(name string) bool {
	dir := "/" + filepath.ToSlash(filepath.Dir(name))
	return dir != "/." && strings.Contains(dir, "/.")
}

func git(ctx context.Context, dir string, args ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, "git", append([]string{"-C", dir}, args...)...)
	var out, problem bytes.Buffer
	command.Stdout, command.Stderr = &out, &problem
	err := command.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil, fmt.Errorf("asking git for %s: %s", strings.Join(args[:1], " "), strings.TrimSpace(problem.String()))
	}
	if err != nil {
		return nil, fmt.Errorf("asking git: %w", err)
	}
	return out.Bytes(), nil
}
