package cfapi

import "crypto/sha256"

// A Key stands for the id of a capture in 16 bytes, whatever its length: sets
// of many captures then take a quarter of the memory. Half of a SHA-256 does not
// collide by chance.
type Key [16]byte

// Key returns the key of the capture's id.
func (c *Capture) Key() Key {
	sum := sha256.Sum256([]byte(c.ID))
	return Key(sum[:16])
}
