package manifests

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Mount writes a Secret's data into a directory as a kubelet does: into a directory of its own, to which all files lead by
// one symbolic link that is swapped at once. Whoever reads two files may meet the swap between them, and no half file.
func Mount(dir string, data map[string][]byte) error {
	const current = "..data"
	version := ".." + strconv.FormatInt(time.Now().UnixNano(), 10)
	before, _ := os.Readlink(filepath.Join(dir, current)) // none at first
	if err := os.MkdirAll(filepath.Join(dir, version), 0o700); err != nil {
		return fmt.Errorf("mounting a Secret: %w", err)
	}
	for name, content := range data {
		if err := os.WriteFile(filepath.Join(dir, version, name), content, 0o600); err != nil {
			return fmt.Errorf("mounting a Secret: %w", err)
		}
	}
	next := filepath.Join(dir, current+"_tmp")
	if err := os.Symlink(version, next); err != nil {
		return fmt.Errorf("mounting a Secret: %w", err)
	}
	if err := os.Rename(next, filepath.Join(dir, current)); err != nil {
		return fmt.Errorf("mounting a Secret: %w", err)
	}
	for name := range data {
		err := os.Symlink(filepath.Join(current, name), filepath.Join(dir, name))
		if err != nil && !os.IsExist(err) {
			return fmt.Errorf("mounting a Secret: %w", err)
		}
	}
	if before == "" {
		return nil
	}
	return os.RemoveAll(filepath.Join(dir, before))
}
