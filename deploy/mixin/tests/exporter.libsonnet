// The exporter and its scrapes.
function(t)
  local up(instance, more='') = 'up{job="cloudflare_pcap",instance="%s"%s}' % [instance, more];
  local labels = import '../alerts/labels.libsonnet';

  [
    t.situation('the exporter crashes and comes back for one scrape of ' + (down + 1), {
      [up('x')]: [[1, 60], [[0 for i in std.range(1, down)] + [1], 240], [1, 120]],
    }, [
      t.silent(59, 'ExporterFlapping'),
      t.fires(120, 'ExporterFlapping'),
      t.silent(400, 'ExporterFlapping'),
      {
        eval_time: '300m',
        expr: 'min_over_time(count(ALERTS{alertname=~"CloudflarePcapExporter(Down|Flapping)",alertstate="firing"})[205m:1m]) > bool 0',
        exp_samples: [{ labels: '{}', value: 1 }],
      },
      { eval_time: '90m', expr: 'group(ALERTS{alertname=~"CloudflarePcapExporter(Down|Flapping)",alertstate="firing"})', exp_samples: [{ labels: '{}', value: 1 }] },
    ])
    for down in [2, 3]
  ] + [
    t.situation('down for half an hour, and a single scrape fails', {
      [up('x')]: [[1, 60], [0, 30], [1, 90]],
      [up('y')]: [[1, 30], [0, t.interval / 60], [1, 200]],
      'up{job="node",instance="z"}': [[0, 180]],
    }, [
      t.silent(62, 'ExporterDown'),
      t.always(72, 89, 'ExporterDown'),
      t.silent(100, 'ExporterDown'),
      t.never(180, 'ExporterFlapping'),
      { eval_time: '80m', expr: 'count by (instance, others) (ALERTS{alertname="CloudflarePcapExporterDown"})', exp_samples: [{ labels: '{instance="x",others="up"}', value: 1 }] },
    ]),
    t.situation('the other exporter stops, too, so that the labels of the first alert change', {
      [up('x')]: [[1, 60], [0, 60]],
      [up('y')]: [[1, 90], [0, 30]],
    }, [
      { eval_time: '119m', expr: 'count_over_time(count(ALERTS{alertname="CloudflarePcapExporterDown",instance="x",alertstate="firing"})[45m:1m])', exp_samples: [{ labels: '{}', value: 45 }] },
      { eval_time: '110m', expr: 'count by (others) (ALERTS{alertname="CloudflarePcapExporterDown",alertstate="firing"})', exp_samples: [{ labels: '{}', value: 2 }] },
    ]),
    t.situation('the exporter of one of two clusters is down', {
      [up('x', ',cluster="a"')]: [[1, 60], [0, 60]],
      [up('x', ',cluster="b"')]: [[1, 120]],
      'cloudflare_pcap_up{account="1",job="cloudflare_pcap",instance="x",cluster="b"}': [[0, 120]],
      'cloudflare_pcap_scrape_errors_total{account="1",reason="server",job="cloudflare_pcap",instance="x",cluster="b"}': [[{ from: 0, step: 1 }, 120]],
      'cloudflare_pcap_up{account="1",job="cloudflare_pcap",instance="x",cluster="a"}': [[1, 60]],
    }, [
      { eval_time: '100m', expr: 'count by (alertname, cluster, others) (ALERTS{alertname=~".*ExporterDown|.*ListingFailed"})', exp_samples: [
        { labels: '{alertname="CloudflarePcapExporterDown",cluster="a"}', value: 1 },
        { labels: '{alertname="CloudflarePcapListingFailed",cluster="b"}', value: 1 },
      ] },
    ]),
    t.situation('no target', { [up('x')]: [['_', 30], [1, 60]] }, [t.silent(2, 'ExporterDown'), t.always(6, 29, 'ExporterDown'), t.silent(45, 'ExporterDown')]),
    t.situation('an invalid configuration, and one that is mended soon', {
      'cloudflare_pcap_exporter_config_last_reload_successful{job="j",instance="x"}': [[1, 30], [0, 60], [1, 60]],
    }, [t.silent(32, 'ConfigReloadFailed'), t.always(42, 89, 'ConfigReloadFailed'), t.silent(120, 'ConfigReloadFailed')]),
    t.situation('each label of the exporter in a target', {
      ['cloudflare_pcap_%s{instance="%s",exported_%s="x"}' % [labels[label], label, label]]: [[0, 60], ['stale', 60]]
      for label in std.objectFields(labels)
    } + { 'cloudflare_pcap_up{job="j",instance="y",account="t"}': [[1, 120]] }, [
      t.silent(3, 'LabelConflict'),
      t.fires(20, 'LabelConflict', std.length(labels)),
      t.silent(90, 'LabelConflict'),
    ]),
  ]
