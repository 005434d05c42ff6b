// SPDX-License-Identifier: LGPL-2.1-or-later
// Draws /openapi.json for people. Everything is set as text, never as markup.
'use strict';

const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

const resolve = (document_, value) => {
  for (let hops = 0; value && value.$ref && hops < 16; hops++)
    value = value.$ref.slice(2).split('/').reduce((at, key) => at && at[key.replace(/~1/g, '/').replace(/~0/g, '~')], document_);
  return value || {};
};

const typeOf = (document_, schema) => {
  const known = resolve(document_, schema);
  if (known.enum) return known.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (known.type === 'array') return `list of ${typeOf(document_, known.items || {})}`;
  const type = Array.isArray(known.type) ? known.type.join(' or ') : known.type || 'any';
  return known.format ? `${type} (${known.format})` : type;
};

const row = (document_, name, schema, where, required, description) => {
  const known = resolve(document_, schema);
  const notes = [description || known.description];
  if (known.default !== undefined) notes.push(`Default: ${JSON.stringify(known.default)}.`);
  return make('tr', {}, make('td', {}, make('code', {}, name), required ? ' *' : ''), make('td', {}, where),
    make('td', {}, typeOf(document_, schema)), make('td', {}, notes.filter(Boolean).join(' ')));
};

const inputs = (document_, item, operation) => {
  const rows = [...(item.parameters || []), ...(operation.parameters || [])].map((reference) => {
    const parameter = resolve(document_, reference);
    return row(document_, parameter.name, parameter.schema || {}, parameter.in, parameter.required, parameter.description);
  });
  const body = resolve(document_, operation.requestBody);
  for (const [type, media] of Object.entries(body.content || {})) {
    const schema = resolve(document_, media.schema);
    if (!schema.properties) rows.push(make('tr', {}, make('td', {}, 'body'), make('td', {}, 'body'), make('td', {}, type), make('td', {}, '')));
    for (const [name, member] of Object.entries(schema.properties || {}))
      rows.push(row(document_, name, member, 'body', (schema.required || []).includes(name)));
  }
  if (rows.length === 0) return make('p', { class: 'what' }, 'Takes nothing.');
  return make('table', {}, make('thead', {}, make('tr', {}, ...['Input', 'In', 'Type', ''].map((text) => make('th', {}, text)))),
    make('tbody', {}, ...rows));
};

const answers = (document_, operation) => make('p', {}, ...Object.entries(operation.responses || {})
  .filter(([status]) => status !== 'default')
  .flatMap(([status, response]) => [make('code', {}, status), ` ${resolve(document_, response).description || ''} `]));

const draw = (document_, path, item, method) => {
  const operation = item[method];
  const own = operation['x-heptad'] || {};
  const plugin = (operation.tags || [])[0];
  const name = operation.operationId.split('.').pop().replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const details = make('details', {},
    make('summary', {}, make('span', { class: 'method' }, method.toUpperCase()), make('span', { class: 'path' }, path),
      make('span', { class: 'what' }, operation.summary || '')),
    make('div', {}, operation.description ? make('p', {}, operation.description) : null, inputs(document_, item, operation),
      answers(document_, operation),
      make('p', { class: 'tags' }, own.anonymous ? 'Open to everybody. ' : `Needs ${own.permission}. `,
        'On the command line: ', make('code', {}, `heptadctl ${own.command || `${plugin} ${name}`}`))));
  details.dataset.text = `${method} ${path} ${operation.operationId} ${operation.summary || ''}`.toLowerCase();
  return details;
};

const load = async () => {
  const place = document.getElementById('operations');
  const response = await fetch('/openapi.json');
  if (!response.ok) throw new Error(`/openapi.json answered ${response.status}`);
  const document_ = await response.json();
  const groups = new Map();
  for (const [path, item] of Object.entries(document_.paths))
    for (const method of ['get', 'post', 'put', 'patch', 'delete'])
      if (item[method]) {
        const tag = item[method].tags[0];
        if (!groups.has(tag)) groups.set(tag, []);
        groups.get(tag).push(draw(document_, path, item, method));
      }
  const title = (tag) => (document_.tags.find((one) => one.name === tag) || {}).description || tag;
  place.replaceChildren(...[...groups].map(([tag, list]) => make('section', {}, make('h2', {}, title(tag)), ...list)));
};

document.getElementById('filter').addEventListener('input', (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const details of document.querySelectorAll('details')) details.hidden = !details.dataset.text.includes(wanted);
  for (const section of document.querySelectorAll('section'))
    section.hidden = ![...section.querySelectorAll('details')].some((details) => !details.hidden);
});

load().catch((error) => {
  document.getElementById('operations').replaceChildren(make('p', { class: 'state failed' }, `The operations could not be loaded: ${error.message}`));
});
