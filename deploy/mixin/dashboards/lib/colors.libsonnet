// The colors of Okabe and Ito, which are distinct for every kind of color vision.
// Gray replaces their black, which is invisible on a dark page.
local palette = {
  orange: '#E69F00',
  sky: '#56B4E9',
  green: '#009E73',
  yellow: '#F0E442',
  blue: '#0072B2',
  vermillion: '#D55E00',
  purple: '#CC79A7',
  gray: '#999999',
};

{
  good: palette.green,
  notice: palette.sky,
  warning: palette.orange,
  bad: palette.vermillion,
  neutral: palette.gray,

  // A capture's status.
  statuses: {
    pending: palette.yellow,
    running: palette.sky,
    conversion_pending: palette.orange,
    conversion_running: palette.purple,
    success: palette.blue,
    complete: palette.green,
    failed: palette.vermillion,
    unknown: palette.gray,
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
    none: palette.gray,
  },

  // Why a list request failed. One has a lighter gray, because there are more reasons
  // than colors.
  reasons: {
    credentials: palette.yellow,
    unauthorized: palette.vermillion,
    forbidden: palette.purple,
    rate_limited: palette.orange,
    rejected: palette.gray,
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
    '404': palette.gray,
    '429': palette.orange,
    '500': palette.blue,
    '502': palette.yellow,
    '503': palette.sky,
    '504': '#707070',
    none: '#D0D0D0',
  },

  // The reason why a request was not sent.
  throttled: {
    rate_limit: palette.orange,
    reserve: palette.yellow,
    fairness: palette.sky,
    holdoff: palette.vermillion,
    refused: palette.purple,
  },

  // byColo colors each colo by its first letter, because any name can appear. The letters of large airports
  // are far apart.
  byColo: [
    {
      matcher: { id: 'byRegexp', options: '/^[%s]/i' % letters[0] },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: letters[1] } }],
    }
    for letters in [
      ['aht', palette.orange],
      ['sbj', palette.sky],
      ['ldz', palette.green],
      ['iwmx', palette.yellow],
      ['fkvy', palette.blue],
      ['nceq', palette.purple],
      ['opgru', palette.vermillion],
      ['(', palette.gray],  // (no colo)
    ]
  ],

  // byName colors each series that has the name of a key of the map.
  byName(map): [
    {
      matcher: { id: 'byName', options: name },
      properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: map[name] } }],
    }
    for name in std.objectFields(map)
  ],

  // steps colors a value by the last step that it reaches. A step is a pair of value
  // and color. The value of the first is null.
  steps(pairs): {
    mode: 'absolute',
    steps: [{ value: pair[0], color: pair[1] } for pair in pairs],
  },
}
