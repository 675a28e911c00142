package accounts

import (
	"context"
	"net"
	"sync/atomic"
	"time"
)

// minDialTimeout leaves time for a second name server, which is asked after 5 s for each name of
// the search list. net/http dials without the deadline of the request, and a later request uses
// a connection that was too late.
const minDialTimeout = 15 * time.Second

// avoidance is the time for which IPv6 is avoided after a connection without a response.
const avoidance = 10 * time.Minute

// dialer dials like net.Dialer. After a connection over IPv6 that never responded, it
// prefers IPv4 for a while: net.Dialer falls back to IPv4 only if IPv6 does not connect.
type dialer struct {
	dialContext func(ctx context.Context, network, address string) (net.Conn, error)
	timeout     time.Duration // of a lookup and the attempts; half of it for the first of two addresses
	avoidIPv6   atomic.Int64  // until this Unix time, in nanoseconds
}

// newDialer returns a dialer for scrapes of at most the given duration.
func newDialer(scrape time.Duration) *dialer {
	return &dialer{dialContext: new(net.Dialer).DialContext, timeout: max(scrape, minDialTimeout)}
}

func (d *dialer) dial(ctx context.Context, network, address string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, d.timeout)
	defer cancel()
	if time.Now().UnixNano() < d.avoidIPv6.Load() {
		ipv4, cancel := context.WithTimeout(ctx, d.timeout/2)
		defer cancel()
		if conn, err := d.dialContext(ipv4, "tcp4", address); err == nil {
			return conn, nil
		}
		if ctx.Err() == nil {
			d.avoidIPv6.Store(0) // IPv4 does not work, either
		}
	}
	conn, err := d.dialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if addr, ok := conn.RemoteAddr().(*net.TCPAddr); !ok || addr.IP.To4() != nil {
		return conn, nil
	}
	return &ipv6Conn{Conn: conn, dialer: d}, nil
}

// ipv6Conn finds out whether a connection ever responded.
type ipv6Conn struct {
	net.Conn
	dialer    *dialer
	responded atomic.Bool
}

// Read implements net.Conn.
func (c *ipv6Conn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	if n > 0 {
		c.responded.Store(true)
	}
	return n, err
}

// Close implements net.Conn.
func (c *ipv6Conn) Close() error {
	if !c.responded.Load() {
		c.dialer.avoidIPv6.Store(time.Now().Add(avoidance).UnixNano())
	}
	return c.Conn.Close()
}
