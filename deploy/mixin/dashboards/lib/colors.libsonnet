// The colours of Okabe and Ito, which are distinct for every kind of colour vision.
// Grey replaces their black, which is invisible on a dark page.
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

  // The kind of a capture's error message.
  errors: {
    no_packets_matched: palette.sky,
    bucket: palette.vermillion,
    other: palette.orange,
    none: palette.grey,
  },

  // Why a list request failed. One has a lighter grey, because there are more reasons
  // than colours.
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

  // The HTTP status of a response.
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

  // byName colours each series that has the name of a key of the map.
  byName(map): [
    {
      matcher: { id: 'byName', options: name },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: map[name] } }],
    }
    for name in std.objectFields(map)
  ],

  // steps colours a value by the last step that it reaches. A step is a pair of value
  // and colour. The value of the first is null.
  steps(pairs): {
    mode: 'absolute',
    steps: [{ value: pair[0], color: pair[1] } for pair in pairs],
  },
}
