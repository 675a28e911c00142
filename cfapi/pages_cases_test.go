package cfapi_test

import "cloudflare_pcap_exporter/cfapi"

type pagesTest struct {
	pages    [][]byte
	ids      string // of the captures yielded
	info     cfapi.ListInfo
	requests int
}

func pagesTests() map[string]pagesTest {
	li := func(listed, total, pages int) cfapi.ListInfo {
		return cfapi.ListInfo{Listed: listed, Total: total, Pages: pages}
	}
	return map[string]pagesTest{
		"documented":       {[][]byte{page("", "a", "b")}, "ab", li(2, 0, 1), 1},
		"empty":            {[][]byte{page(info(1, 50, 0))}, "", li(0, 0, 1), 1},
		"one full page":    {[][]byte{page(info(1, 2, 2), "a", "b")}, "ab", li(2, 2, 1), 1},
		"two pages":        {[][]byte{page(info(1, 2, 3), "a", "b"), page(info(2, 2, 3), "c")}, "abc", li(3, 3, 2), 2},
		"three pages":      {[][]byte{page(info(1, 1, 3), "a"), page(info(2, 1, 3), "b"), page(info(3, 1, 3), "c")}, "abc", li(3, 3, 3), 3},
		"page ignored":     {[][]byte{page(info(1, 2, 5), "a", "b"), page(info(1, 2, 5), "a", "b")}, "ab", li(4, 5, 1), 2},
		"only echoed":      {[][]byte{page(info(1, 2, 5), "a", "b"), page(info(2, 2, 5), "a", "b")}, "ab", li(4, 5, 1), 2},
		"no echo":          {[][]byte{page(`"count":2,"per_page":2,"total_count":5`, "a", "b"), page("", "c")}, "ab", li(2, 5, 1), 1},
		"no per_page":      {[][]byte{page(`"page":1,"total_count":5`, "a", "b"), page("", "c")}, "ab", li(2, 5, 1), 1},
		"no total":         {[][]byte{page(`"page":1,"per_page":2`, "a", "b"), page("", "c")}, "ab", li(2, 0, 1), 1},
		"wrong echo":       {[][]byte{page(info(7, 2, 5), "a", "b"), page("", "c")}, "ab", li(2, 5, 1), 1},
		"negative":         {[][]byte{page(info(1, -2, 5), "a", "b"), page("", "c")}, "ab", li(2, 5, 1), 1},
		"echo ends":        {[][]byte{page(info(1, 2, 5), "a", "b"), page("", "c", "d")}, "abcd", li(4, 5, 1), 2},
		"more than it has": {[][]byte{page(info(1, 2, 9), "a", "b"), page(info(2, 2, 9), "c"), page(info(3, 2, 9))}, "abc", li(3, 9, 2), 3},
		"fewer than it has": {
			[][]byte{page(info(1, 2, 1), "a", "b"), page(info(2, 2, 1), "c")}, "ab", li(2, 1, 1), 1,
		},
		"twice in a page":   {[][]byte{page("", "a", "b", "a", "a")}, "ab", li(4, 0, 1), 1},
		"shifted by one":    {[][]byte{page(info(1, 2, 4), "a", "b"), page(info(2, 2, 4), "b", "c"), page("", "d")}, "abc", li(4, 4, 2), 2},
		"no ids on page 1":  {[][]byte{page("", "", "", "")}, "...", li(3, 0, 1), 1},
		"no ids afterwards": {[][]byte{page(info(1, 2, 4), "a", ""), page(info(2, 2, 4), "b", "")}, "a.b", li(4, 4, 2), 2},
	}
}
