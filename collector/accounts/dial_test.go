package accounts

import (
	"context"
	"errors"
	"net"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// addrConn is a connection with an address, to which a server may respond.
type addrConn struct {
	net.Conn
	ip string
}

func (c addrConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.ParseIP(c.ip)} }

// fakeDialer connects by IPv6 unless IPv4 is requested, and records the networks.
func fakeDialer(networks *[]string, ipv4 error) *dialer {
	return &dialer{timeout: minDialTimeout, dialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
		*networks = append(*networks, network)
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		ip := "2001:db8::1"
		if network == "tcp4" {
			ip = "192.0.2.1"
			if ipv4 != nil {
				return nil, ipv4
			}
		}
		client, server := net.Pipe()
		go func() { _, _ = server.Write([]byte("x")) }()
		return addrConn{client, ip}, nil
	}}
}

func use(t *testing.T, d *dialer, respond bool) {
	t.Helper()
	conn, err := d.dial(t.Context(), "tcp", "api.invalid:443")
	if err != nil {
		t.Fatal(err)
	}
	if respond {
		_, err = conn.Read(make([]byte, 1))
	}
	if err := errors.Join(err, conn.Close()); err != nil {
		t.Fatal(err)
	}
}

// After IPv6 has connected and never responded, IPv4 is tried first.
func TestDialerAvoidsIPv6(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var networks []string
		d := fakeDialer(&networks, nil)
		use(t, d, true)
		use(t, d, false)
		use(t, d, false) // IPv4 does not respond, either; this does not prolong the avoidance of IPv6
		time.Sleep(avoidance - 1)
		use(t, d, true)
		time.Sleep(time.Nanosecond)
		use(t, d, true)
		use(t, d, true)
		if want := []string{"tcp", "tcp", "tcp4", "tcp4", "tcp", "tcp"}; !slices.Equal(networks, want) {
			t.Errorf("dialed %q, want %q", networks, want)
		}
	})
}

func TestDialerWithoutIPv4(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var networks []string
		d := fakeDialer(&networks, errors.New("no route"))
		use(t, d, false)
		use(t, d, true)
		if want := []string{"tcp", "tcp4", "tcp"}; !slices.Equal(networks, want) {
			t.Errorf("dialed %q, want %q", networks, want)
		}
	})
}

// An attempt that hangs ends, and if it is of IPv4, IPv6 is no longer avoided.
func TestDialerHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var networks []string
		d := fakeDialer(&networks, nil)
		dialContext, hangs := d.dialContext, "tcp4"
		d.dialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
			if network == hangs {
				networks = append(networks, network)
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return dialContext(ctx, network, address)
		}
		use(t, d, false)
		use(t, d, true)
		use(t, d, true)
		hangs = "tcp"
		start := time.Now()
		if _, err := d.dial(t.Context(), "tcp", "api.invalid:443"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took != 15*time.Second {
			t.Errorf("it took %v", took)
		}
		if want := []string{"tcp", "tcp4", "tcp", "tcp", "tcp"}; !slices.Equal(networks, want) {
			t.Errorf("dialed %q, want %q", networks, want)
		}
	})
}
