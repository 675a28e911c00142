package main

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"slices"
)

// setup is the size of the API, how often each program is started, and how often it is
// measured: in each round, each subject gets batch requests. Slow subjects take part in the
// first slowRounds only.
type setup struct{ accounts, captures, starts, rounds, batch, slowRounds int }

// result is the result of the measurements of a setup.
type result struct {
	setup

	running  map[string]*process
	subjects []*subject
	peak     map[string]float64 // MiB, by program
}

// measure measures all subjects, interleaved.
func measure(ctx context.Context, programs map[string]string, s setup) (*result, error) {
	r := &result{s, make(map[string]*process), nil, make(map[string]float64)}
	api, list := newAPI(ctx, s.captures)
	defer api.Close()
	defer func() {
		for _, p := range r.running {
			p.stop()
		}
	}()
	if err := r.start(ctx, programs, api.URL); err != nil {
		return nil, err
	}
	r.addSubjects(api.URL, list)
	for _, subject := range r.subjects {
		if err := subject.check(ctx, s.batch); err != nil {
			return nil, fmt.Errorf("%s: %w", subject.name, err)
		}
	}
	for round := range s.rounds {
		if err := r.round(ctx, round); err != nil {
			return nil, err
		}
	}
	for _, path := range []string{" /probe", " /metrics"} {
		if a, b := r.get(exporter+path).series, r.get(ordinary+path).series; a != b {
			return nil, fmt.Errorf("%s: %v series, but the ordinary exporter has %v", path, a, b)
		}
	}
	for name, p := range r.running {
		var err error
		if r.peak[name], err = p.status("VmHWM:"); err != nil {
			return nil, err
		}
	}
	return r, nil
}

// round requests each subject, in turn and several times. A machine that slows down affects all.
func (r *result) round(ctx context.Context, round int) error {
	subjects := slices.DeleteFunc(slices.Clone(r.subjects), func(s *subject) bool { return slow(s.name) && round >= r.slowRounds })
	for range r.batch {
		for _, s := range subjects {
			if err := s.measure(ctx); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
	}
	for _, s := range subjects {
		if err := s.sample(r.batch); err != nil {
			return err
		}
	}
	return nil
}

// start starts the programs that have a path.
func (r *result) start(ctx context.Context, programs map[string]string, api string) (err error) {
	run := func(name, path string, args ...string) *process {
		p := new(process)
		if r.starts == 1 { // the first response is not measured, and can take long
			path = ""
		}
		for i := 0; i < r.starts && err == nil && programs[name] != "" && (r.slowRounds > 0 || !slow(name)); i++ {
			r.running[name] = p
			err = p.start(ctx, path, programs[name], args...)
		}
		return p
	}
	listen, flags, accounts := "--web.listen-address=127.0.0.1:0", []string{}, []string{api}
	for i := range r.accounts {
		flags, accounts = append(flags, "--cloudflare.account-id="+id(i)), append(accounts, id(i))
	}
	flags = append(flags, listen, "--cloudflare.api-url="+api, "--cloudflare.rate-limit=0", "--scrape.timeout=1m", "--web.enable-pprof")
	e := run(exporter, "/metrics", flags...)
	run(ordinary, "/metrics", api, e.url)
	run(sdk, "/list", accounts...)
	config := filepath.Join(filepath.Dir(programs[exporter]), "json_exporter.yml")
	run(jsonExporter, jsonProbe+listURL(api, 0), listen, "--config.file="+config)
	return err
}

const jsonProbe = "/probe?module=default&target="

// addSubjects adds the subjects of the programs that run. Those to be compared are neighbours.
func (r *result) addSubjects(api string, list []byte) {
	add := func(name, program, want string, paths ...string) {
		p := cmp.Or(r.running[program], new(process))
		if s := (&subject{name: name, process: p, list: list, want: want}); p.Cmd != nil || program == "" {
			for _, path := range paths {
				s.urls = append(s.urls, p.url+path)
			}
			r.subjects = append(r.subjects, s)
		}
	}
	one, up := "?target="+id(0), fmt.Sprintf("cloudflare_pcap_up{account=\"%s\"} 1\n", id(r.accounts-1))
	paths := []string{"/metrics"}
	if r.accounts == 1 {
		paths = append(paths, "/probe")
	}
	for _, encoding := range []string{"", " gzip"} {
		for _, path := range paths {
			add(exporter+" "+path+encoding, exporter, up, path+one)
			add(ordinary+" "+path+encoding, ordinary, up, path+one)
		}
	}
	if r.captures >= 1000 { // else the request takes more than the decode
		add(decode, "", "")
		add(decode+" request", ordinary, fmt.Sprint(2*r.captures+1, " objects"), "/decode"+one)
	}
	var lists, probes []string
	for i := range r.accounts {
		lists = append(lists, listURL(api, i))
		probes = append(probes, jsonProbe+lists[i])
	}
	add("bare", "", id(r.captures-1), lists...)
	add(sdk, sdk, fmt.Sprint(r.accounts*r.captures, " captures"), "/list")
	add(jsonExporter, jsonExporter, id(r.captures-1), probes...)
}

// get returns the subject with a name, or an empty one.
func (r *result) get(name string) *subject {
	for _, s := range r.subjects {
		if s.name == name {
			return s
		}
	}
	return new(subject)
}
