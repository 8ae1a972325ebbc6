// Makes src/protocol.ts from the OpenRPC document of the daemon: what each method takes and gives,
// what each event brings. With --check it writes nothing and fails if the file is out of date.
import { readFileSync, writeFileSync } from 'node:fs';

const source = new URL('../../../daemon/wire/openrpc.json', import.meta.url);
const target = new URL('src/protocol.ts', import.meta.url);
const document = JSON.parse(readFileSync(source, 'utf8'));

// TypeScript has a Record of its own.
const renamed = { Record: 'LogRecord' };
const nameOf = (name) => renamed[name] ?? name;

const COLUMNS = 100;

function comment(text, indent) {
  if (!text) return '';
  const lines = [''];
  for (const word of text.replaceAll('*/', '* /').split(' ')) {
    const line = lines.at(-1);
    if (indent.length + 3 + line.length + word.length + 1 > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  if (lines.length === 1 && indent.length + lines[0].length + 7 <= COLUMNS)
    return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

function type(schema, indent) {
  if (schema.$ref) return nameOf(schema.$ref.split('/').at(-1));
  if (schema.enum) return schema.enum.map((word) => `'${word}'`).join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array': {
      const item = type(schema.items, indent);
      return item.includes(' | ') ? `(${item})[]` : `${item}[]`;
    }
    case 'object':
      if (!schema.properties) return 'JsonObject';
      return members(fields(schema), indent);
    default:
      return 'unknown';
  }
}

const fields = ({ properties = {}, required = [] }) =>
  Object.entries(properties).map(([name, schema]) => ({
    name,
    schema,
    description: schema.description,
    required: required.includes(name),
  }));

function members(list, indent) {
  if (list.length === 0) return 'Empty';
  const inner = `${indent}  `;
  const rows = list.map(
    ({ name, schema, description, required }) =>
      `${comment(description, inner)}${inner}${name}${required ? '' : '?'}: ${type(schema, inner)};\n`,
  );
  return `{\n${rows.join('')}${indent}}`;
}

// Which types the clients' methods and events reach: those of the control socket are left out.
function reached(roots) {
  const found = new Set();
  const walk = (value) => {
    if (Array.isArray(value)) return value.forEach(walk);
    if (typeof value !== 'object' || value === null) return;
    const name = value.$ref?.split('/').at(-1);
    if (name && !found.has(name)) {
      found.add(name);
      walk(document.components.schemas[name]);
    }
    Object.values(value).forEach(walk);
  };
  walk(roots);
  return found;
}

function text() {
  const methods = document.methods.filter(({ name }) => !name.startsWith('admin.'));
  const events = document['x-events'].filter(({ name }) => !name.startsWith('admin.'));
  const types = reached([methods, events]);
  const parts = [
    `// Made by sdk/generate.js from daemon/wire/openrpc.json; changes belong there.

/** What a newer server or another client may add is kept and skipped. */
export type JsonObject = { [name: string]: unknown };

export type Empty = { [name: string]: never };
`,
  ];
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    if (!types.has(name)) continue;
    parts.push(`\nexport interface ${nameOf(name)} ${members(fields(schema), '')}\n`);
  }
  parts.push('\n/** What each method takes and gives. */\nexport interface Methods {\n');
  for (const { name, summary, params, result } of methods) {
    parts.push(comment(summary, '  '), `  '${name}': {\n`);
    parts.push(`    params: ${members(params, '    ')};\n`);
    parts.push(`    result: ${type(result.schema, '    ')};\n  };\n`);
  }
  parts.push('}\n\n/** What each event brings. */\nexport interface Events {\n');
  for (const { name, summary, params } of events) {
    parts.push(comment(summary, '  '), `  '${name}': ${members(fields(params), '  ')};\n`);
  }
  parts.push('}\n\n/** The words in `data.code` of an error. */\nexport type ErrorCode =\n');
  const codes = new Map();
  for (const { errors } of document.methods)
    for (const { code, message } of errors ?? []) codes.set(message, code);
  parts.push(
    [...codes.keys()]
      .sort()
      .map((word) => `  | '${word}'`)
      .join('\n'),
    ';\n',
  );
  return parts.join('');
}

const made = text();
if (!process.argv.includes('--check')) {
  writeFileSync(target, made);
} else if (readFileSync(target, 'utf8') !== made) {
  console.error('sdk/src/protocol.ts is out of date: run `npm run generate`');
  process.exit(1);
}
