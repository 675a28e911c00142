package cfapi

import "hash/maphash"

// A Key stands for the id of a capture in 16 bytes, whatever its length: sets
// of many captures then take a quarter of the memory. Keys of one process can be
// compared; 128 bits of two seeded hashes do not collide by chance or on purpose.
type Key [2]uint64

var keySeeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// Key returns the key of the capture's id.
func (c *Capture) Key() Key {
	return Key{maphash.String(keySeeds[0], c.ID), maphash.String(keySeeds[1], c.ID)}
}
