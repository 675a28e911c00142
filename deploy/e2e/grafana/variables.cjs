// Prints what Grafana's own code offers for the variables of a dashboard, as JSON:
//
//	node variables.cjs PACKAGES PROMETHEUS DASHBOARD
//
// PACKAGES is a directory with the packages of package.json. jsdom replaces the browser, and the
// HTTP API of Prometheus replaces Grafana's server, which would only forward the requests.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');

const [packages, prometheus, dashboard] = process.argv.slice(2);
const load = Module.createRequire(packages + '/');

// Grafana's packages use the globals of a browser when they are loaded.
const { window } = new (load('jsdom').JSDOM)('', { url: 'http://localhost/' });
window.matchMedia = () => ({ addListener() {}, addEventListener() {} });
for (const name of Object.getOwnPropertyNames(window)) {
  if (!(name in globalThis) || /Event$/.test(name)) globalThis[name] = window[name];
}
globalThis.IntersectionObserver = globalThis.ResizeObserver = class {};
console.info = console.log = console.error; // only the result goes to stdout
const original = Module._load;
Module._load = (name, ...rest) => (/monaco|\.css$/.test(name) ? {} : original(name, ...rest)); // the query editor

const { from, map } = load('rxjs');
const runtime = load('@grafana/runtime');
const scenes = load('@grafana/scenes');
const { PrometheusDatasource } = load('./node_modules/@grafana/prometheus/dist/cjs/datasource.cjs');

const send = async ({ url, method, data, params }) => {
  const target = new URL(prometheus + url.replace(/^.*\/resources/, ''));
  for (const [name, value] of Object.entries(params ?? {})) target.searchParams.append(name, value);
  const body = method === 'POST' ? new URLSearchParams(data) : undefined;
  const response = await fetch(target, { method, body });
  if (!response.ok) throw new Error(`${method} ${target} ${body}: ${await response.text()}`);
  return { data: await response.json() };
};

const settings = { uid: 'prometheus', name: 'prometheus', type: 'prometheus', url: '/resources', jsonData: { httpMethod: 'POST' } };
runtime.setBackendSrv({ fetch: (request) => from(send(request)) });
runtime.setRunRequest((_, request, query) => query(request).pipe(map(({ data }) => ({ state: 'Done', series: data }))));
runtime.setTemplateSrv({
  replace: (text, vars, format) => scenes.sceneGraph.interpolate(vars?.__sceneObject?.value.valueOf() ?? scene, text, vars, format),
});
const datasource = new PrometheusDatasource(settings);
runtime.setDataSourceSrv({ get: async () => datasource, getInstanceSettings: () => settings, getList: () => [settings] });

const { list } = JSON.parse(fs.readFileSync(dashboard)).templating;
const variables = list.filter(({ type }) => type === 'query').map(
  ({ current, multi, ...model }) => new scenes.QueryVariable({ ...model, isMulti: multi, value: current.value, text: current.text }),
);
const scene = new scenes.SceneFlexLayout({
  $timeRange: new scenes.SceneTimeRange({ from: 'now-5m', to: 'now' }),
  $variables: new scenes.SceneVariableSet({ variables }),
  children: [],
});
(async () => {
  for (const variable of variables) {
    await new Promise((resolve, reject) => variable.validateAndUpdate().subscribe({ complete: resolve, error: reject }));
  }
  const offered = variables.map(({ state: { name, options } }) => [name, options.map(({ label, value }) => ({ label, value }))]);
  process.stdout.write(JSON.stringify(Object.fromEntries(offered)));
})();
