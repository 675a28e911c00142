// The colours of Okabe and Ito, which people with any kind of colour vision can
// tell apart. Their black cannot be seen on a dark page: grey stands for it.
local palette = {
  orange: '#E69F00',
  sky: '#56B4E9',
  green: '#009E73',
  yellow: '#F0E442',
  blue: '#0072B2',
  vermillion: '#D55E00',
  purple: '#CC79A7',
  grey: '#999999',
};

{
  good: palette.green,
  notice: palette.sky,
  warning: palette.orange,
  bad: palette.vermillion,
  neutral: palette.grey,

  // A capture's status.
  statuses: {
    pending: palette.yellow,
    running: palette.sky,
    conversion_pending: palette.orange,
    conversion_running: palette.purple,
    success: palette.blue,
    complete: palette.green,
    failed: palette.vermillion,
    unknown: palette.grey,
  },

  types: {
    simple: palette.blue,
    full: palette.green,
  },

  // What the error message of a capture is about.
  errors: {
    no_packets_matched: palette.sky,
    bucket: palette.vermillion,
    other: palette.orange,
  },

  // Why the captures could not be listed. There are more of them than colours:
  // one has a lighter grey.
  reasons: {
    credentials: palette.yellow,
    unauthorized: palette.vermillion,
    forbidden: palette.purple,
    rate_limited: palette.orange,
    rejected: palette.grey,
    server: palette.blue,
    timeout: palette.sky,
    network: palette.green,
    decode: '#D0D0D0',
  },

  // The HTTP status of an answer.
  codes: {
    '200': palette.green,
    '401': palette.vermillion,
    '403': palette.purple,
    '404': palette.grey,
    '429': palette.orange,
    '500': palette.blue,
    '502': palette.yellow,
    '503': palette.sky,
    '504': '#707070',
    none: '#D0D0D0',
  },

  // byName colours each series that is named like a key of the map.
  byName(map): [
    {
      matcher: { id: 'byName', options: name },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: map[name] } }],
    }
    for name in std.objectFields(map)
  ],

  // steps colours a value by the last of the steps that it reaches.
  // It takes pairs of value and colour; the value of the first is null.
  steps(pairs): {
    mode: 'absolute',
    steps: [{ value: pair[0], color: pair[1] } for pair in pairs],
  },
}
