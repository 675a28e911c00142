module cloudflare_pcap_exporter/deploy/e2e

go 1.26.0
