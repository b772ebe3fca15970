//go:build ignore

// verify_log checks a proof of inclusion with Go's own log library, sharing no code with the
// gateway: the checkpoint's signature with sumdb/note, the path with sumdb/tlog.
//
//	verify_log <vkey file> <tlog-proof file> <leaf entry file>
//
// Exit code: 0 the log has the leaf, 1 it is not shown, 2 wrong use.
package main

import (
	"encoding/base64"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: verify_log <vkey file> <tlog-proof file> <leaf entry file>")
		os.Exit(2)
	}
	index, size, err := verify(os.Args[1], os.Args[2], os.Args[3])
	if err != nil {
		fmt.Fprintln(os.Stderr, "NOT VERIFIED:", err)
		os.Exit(1)
	}
	fmt.Printf("verified: leaf %d of %d\n", index, size)
}

func verify(vkeyFile, proofFile, leafFile string) (index, size int64, err error) {
	vkey, err := os.ReadFile(vkeyFile)
	if err != nil {
		return 0, 0, err
	}
	proof, err := os.ReadFile(proofFile)
	if err != nil {
		return 0, 0, err
	}
	leaf, err := os.ReadFile(leafFile)
	if err != nil {
		return 0, 0, err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(vkey)))
	if err != nil {
		return 0, 0, err
	}
	index, path, checkpoint, err := parseProof(string(proof))
	if err != nil {
		return 0, 0, err
	}
	opened, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	if err != nil {
		return 0, 0, err
	}
	size, root, err := parseCheckpoint(opened.Text, verifier.Name())
	if err != nil {
		return 0, 0, err
	}
	return index, size, tlog.CheckRecord(path, size, root, index, tlog.RecordHash(leaf))
}

// parseProof reads the c2sp.org/tlog-proof@v1 text.
func parseProof(text string) (index int64, path tlog.RecordProof, checkpoint string, err error) {
	head, checkpoint, ok := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if !ok || lines[0] != "c2sp.org/tlog-proof@v1" {
		return 0, nil, "", fmt.Errorf("not a tlog-proof")
	}
	lines = lines[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	if len(lines) == 0 || !strings.HasPrefix(lines[0], "index ") {
		return 0, nil, "", fmt.Errorf("no index")
	}
	index, err = strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	if err != nil {
		return 0, nil, "", err
	}
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return 0, nil, "", err
		}
		path = append(path, hash)
	}
	return index, path, checkpoint, nil
}

// parseCheckpoint reads the text of the note: origin, size, root.
func parseCheckpoint(text, origin string) (int64, tlog.Hash, error) {
	var root tlog.Hash
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return 0, root, fmt.Errorf("the checkpoint belongs to another log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, root, err
	}
	bytes, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(bytes) != tlog.HashSize {
		return 0, root, fmt.Errorf("the root is not a hash")
	}
	copy(root[:], bytes)
	return size, root, nil
}
