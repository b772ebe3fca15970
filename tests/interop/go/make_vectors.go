//go:build ignore

// make_vectors writes tests/vectors/log/{proofs,consistency}.json with Go's own log library, so
// that the gateway is tested against bytes it did not make. Deterministic: the keys are the
// published test seeds of RFC 8032 §7.1.
//
//	make_vectors <folder>
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	origin  = "log.example.org/ydt"
	other   = "log.example.org/other"
	witness = "witness.example.org"
	size    = 109
	index   = 63
)

type proofCase struct {
	Name   string   `json:"name"`
	Origin string   `json:"origin"`
	Keys   []string `json:"keys"`
	Leaf   string   `json:"leaf"`
	Proof  string   `json:"proof"`
	// Empty: the proof holds.
	Error     string  `json:"error,omitempty"`
	Cosigners []int64 `json:"cosigned_at,omitempty"`
}

type consistencyCase struct {
	Name    string   `json:"name"`
	OldSize int64    `json:"old_size"`
	OldRoot string   `json:"old_root"`
	NewSize int64    `json:"new_size"`
	NewRoot string   `json:"new_root"`
	Path    []string `json:"path"`
	Error   string   `json:"error,omitempty"`
}

type key struct {
	name    string
	private ed25519.PrivateKey
}

func newKey(name, seed string) key {
	bytes, err := hex.DecodeString(seed)
	check(err)
	return key{name, ed25519.NewKeyFromSeed(bytes)}
}

func (k key) material(kind byte) []byte {
	return append([]byte{kind}, k.private.Public().(ed25519.PublicKey)...)
}

func (k key) id(kind byte) []byte {
	hash := sha256.Sum256(append([]byte(k.name+"\n"), k.material(kind)...))
	return hash[:4]
}

func (k key) vkey(kind byte) string {
	return fmt.Sprintf("%s+%x+%s", k.name, k.id(kind), base64.StdEncoding.EncodeToString(k.material(kind)))
}

func (k key) sign(text string) string {
	seed := base64.StdEncoding.EncodeToString(append([]byte{1}, k.private.Seed()...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%x+%s", k.name, k.id(1), seed))
	check(err)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	check(err)
	return string(signed)
}

func (k key) cosign(text string, time uint64) string {
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", time, text)
	line := binary.BigEndian.AppendUint64(k.id(4), time)
	line = append(line, ed25519.Sign(k.private, []byte(message))...)
	return fmt.Sprintf("— %s %s\n", k.name, base64.StdEncoding.EncodeToString(line))
}

type memory []tlog.Hash

func (m memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, at := range indexes {
		hashes = append(hashes, m[at])
	}
	return hashes, nil
}

func leaf(at int) string {
	digest := sha256.Sum256([]byte(fmt.Sprintf("jws %d", at)))
	return fmt.Sprintf("ydt-leaf/v1\nreceipt\n%x\n", digest)
}

func checkpoint(origin string, size int64, root tlog.Hash) string {
	return fmt.Sprintf("%s\n%d\n%s\n", origin, size, root)
}

func text(index int64, path []tlog.Hash, note string) string {
	var out bytes.Buffer
	fmt.Fprintf(&out, "c2sp.org/tlog-proof@v1\nindex %d\n", index)
	for _, hash := range path {
		fmt.Fprintf(&out, "%s\n", hash)
	}
	return out.String() + "\n" + note
}

func main() {
	var tree memory
	for at := 0; at < size; at++ {
		hashes, err := tlog.StoredHashes(int64(at), []byte(leaf(at)), tree)
		check(err)
		tree = append(tree, hashes...)
	}
	write("proofs.json", proofs(tree))
	write("consistency.json", consistency(tree))
}

func proofs(tree memory) []proofCase {
	log := newKey(origin, "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
	otherLog := newKey(other, "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
	impostor := key{origin, otherLog.private}
	seer := newKey(witness, "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7")

	root, err := tlog.TreeHash(size, tree)
	check(err)
	path, err := tlog.ProveRecord(size, index, tree)
	check(err)
	body := checkpoint(origin, size, root)
	signed := log.sign(body)
	cosigned := signed + seer.cosign(body, 1700000000)
	good := proofCase{Origin: origin, Keys: []string{log.vkey(1)}, Leaf: leaf(index), Proof: text(index, path, signed)}

	mismatch, length := "the path does not lead to the root", "the path has the wrong length"
	bad := func(name, why string, change func(*proofCase)) proofCase {
		c := good
		c.Name, c.Error = name, why
		change(&c)
		return c
	}
	return []proofCase{
		bad("a proof that holds", "", func(*proofCase) {}),
		bad("cosigned by a known witness", "", func(c *proofCase) {
			c.Keys = append([]string{seer.vkey(4)}, c.Keys...)
			c.Proof, c.Cosigners = text(index, path, cosigned), []int64{1700000000}
		}),
		bad("cosigned by somebody unknown", "", func(c *proofCase) { c.Proof = text(index, path, cosigned) }),
		bad("fifteen lines of unknown keys", "", func(c *proofCase) {
			c.Proof = text(index, path, signed+strings.Repeat("— somebody/else AAAAAAAA\n", 15))
		}),
		bad("another leaf", mismatch, func(c *proofCase) { c.Leaf = leaf(index + 1) }),
		bad("another index", mismatch, func(c *proofCase) { c.Proof = text(index-1, path, signed) }),
		bad("an index outside the tree", "the position lies outside the tree", func(c *proofCase) { c.Proof = text(size, path, signed) }),
		bad("a path shortened at the leaf", length, func(c *proofCase) { c.Proof = text(index, path[1:], signed) }),
		bad("a path shortened at the root", length, func(c *proofCase) { c.Proof = text(index, path[:len(path)-1], signed) }),
		bad("a lengthened path", length, func(c *proofCase) { c.Proof = text(index, append(path[:len(path):len(path)], root), signed) }),
		bad("a checkpoint of another origin", "the checkpoint belongs to another log", func(c *proofCase) {
			c.Keys = append(c.Keys, otherLog.vkey(1))
			c.Proof = text(index, path, otherLog.sign(checkpoint(other, size, root)))
		}),
		bad("signed by a known key that is not the log's", "the log itself did not sign the checkpoint", func(c *proofCase) {
			c.Keys = append(c.Keys, otherLog.vkey(1))
			c.Proof = text(index, path, otherLog.sign(body))
		}),
		bad("a wrong key under the right name", "no known key signed the note", func(c *proofCase) {
			c.Proof = text(index, path, impostor.sign(body))
		}),
		bad("another size under the signature", "the signature of "+origin+" does not verify", func(c *proofCase) {
			c.Proof = strings.Replace(c.Proof, "\n109\n", "\n110\n", 1)
		}),
		bad("a cosignature with another time", "the signature of "+witness+" does not verify", func(c *proofCase) {
			c.Keys = append([]string{seer.vkey(4)}, c.Keys...)
			line := seer.cosign(body, 1700000000)
			raw, err := base64.StdEncoding.DecodeString(strings.Fields(line)[2])
			check(err)
			raw[11]++
			c.Proof = text(index, path, signed+"— "+witness+" "+base64.StdEncoding.EncodeToString(raw)+"\n")
		}),
		bad("an index with a leading zero", "malformed proof: the index", func(c *proofCase) {
			c.Proof = strings.Replace(c.Proof, "index 63", "index 063", 1)
		}),
		bad("another version", "malformed proof: the first line", func(c *proofCase) {
			c.Proof = strings.Replace(c.Proof, "@v1", "@v2", 1)
		}),
	}
}

func consistency(tree memory) []consistencyCase {
	at := func(old, new int64) consistencyCase {
		oldRoot, err := tlog.TreeHash(old, tree)
		check(err)
		newRoot, err := tlog.TreeHash(new, tree)
		check(err)
		proof, err := tlog.ProveTree(new, old, tree)
		check(err)
		c := consistencyCase{OldSize: old, OldRoot: oldRoot.String(), NewSize: new, NewRoot: newRoot.String(), Path: []string{}}
		for _, hash := range proof {
			c.Path = append(c.Path, hash.String())
		}
		return c
	}
	cases := []consistencyCase{}
	for _, sizes := range [][2]int64{{1, 2}, {1, 109}, {3, 7}, {4, 7}, {64, 109}, {63, 109}, {100, 109}, {108, 109}, {109, 109}} {
		c := at(sizes[0], sizes[1])
		c.Name = fmt.Sprintf("from %d to %d", sizes[0], sizes[1])
		cases = append(cases, c)
	}
	bad := func(name, why string, change func(*consistencyCase)) {
		c := at(63, 109)
		c.Name, c.Error = name, why
		change(&c)
		cases = append(cases, c)
	}
	mismatch, length := "the path does not lead to the root", "the path has the wrong length"
	bad("an old root that is not a prefix", mismatch, func(c *consistencyCase) { c.OldRoot = c.NewRoot })
	bad("a new root of another tree", mismatch, func(c *consistencyCase) { c.NewRoot = c.OldRoot })
	bad("one size, two roots", mismatch, func(c *consistencyCase) { c.NewSize, c.Path = 63, []string{} })
	bad("a log that went back", "the position lies outside the tree", func(c *consistencyCase) { c.OldSize, c.NewSize = 109, 63 })
	bad("another old size", length, func(c *consistencyCase) { c.OldSize = 64 })
	bad("a shortened path", length, func(c *consistencyCase) { c.Path = c.Path[:len(c.Path)-1] })
	bad("a lengthened path", length, func(c *consistencyCase) { c.Path = append(c.Path, c.OldRoot) })
	bad("no path", length, func(c *consistencyCase) { c.Path = []string{} })
	return cases
}

func write(name string, cases any) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	check(encoder.Encode(cases))
	check(os.WriteFile(filepath.Join(os.Args[1], name), out.Bytes(), 0o644))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
