// The alerts and dashboards of cloudflare_pcap_exporter, in the form of the monitoring mixins.
(import 'config.libsonnet') +
(import 'alerts/alerts.libsonnet') +
(import 'dashboards/dashboards.libsonnet') +
{ prometheusRules+:: { groups+: [] } }
