// A metric for each label of the exporter.
{
  account: 'captures_finished_total',
  account_name: 'account_info',
  bucket: 'bucket_ownership',
  capture_id: 'capture_info',
  code: 'api_requests_total',
  colo: 'captures',
  credential: 'api_ratelimit_remaining',
  endpoint: 'api_requests_total',
  field: 'unrecognized_captures',
  policy: 'api_ratelimit_remaining',
  reason: 'scrape_errors_total',
  status: 'captures_finished_total',
  system: 'captures_finished_total',
  type: 'captures_finished_total',
}
