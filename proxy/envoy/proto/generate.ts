/**
 * Writes proxy/envoy/proto/generated from the descriptors of Envoy's API: `node proxy/envoy/proto/generate.ts [--check]`.
 *
 * dump/ (Go) prints the descriptors, protoc-gen-es turns them into JavaScript and type declarations
 * (generated TypeScript would hold enums, which type stripping cannot erase).
 * `--check` writes nothing and exits 1 when the committed files are stale.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  type DescriptorProto,
  type FileDescriptorProto,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';

const here = import.meta.dirname;
const target = join(here, 'generated');

/** Imports that only serve options: validation rules and annotations, which no code of ours reads. */
const OPTIONS_ONLY = /^(validate|udpa\/annotations|xds\/annotations|envoy\/annotations)\//;

/** The files as Envoy publishes them, without the options (and their imports) that would triple the size. */
function withoutAnnotations(file: FileDescriptorProto): FileDescriptorProto {
  const kept = file.dependency.map((path, i) => ({ path, i })).filter(({ path }) => !OPTIONS_ONLY.test(path));
  const renumbered = (indexes: readonly number[]) =>
    indexes.map((i) => kept.findIndex((k) => k.i === i)).filter((i) => i >= 0);
  file.publicDependency = renumbered(file.publicDependency);
  file.weakDependency = renumbered(file.weakDependency);
  file.dependency = kept.map(({ path }) => path);
  strip(file.options);
  for (const message of file.messageType) stripMessage(message);
  for (const enumeration of file.enumType) {
    strip(enumeration.options);
    for (const value of enumeration.value) strip(value.options);
  }
  for (const service of file.service) {
    strip(service.options);
    for (const method of service.method) strip(method.options);
  }
  return file;
}

function stripMessage(message: DescriptorProto): void {
  strip(message.options);
  for (const field of message.field) strip(field.options);
  for (const oneof of message.oneofDecl) strip(oneof.options);
  for (const enumeration of message.enumType) {
    strip(enumeration.options);
    for (const value of enumeration.value) strip(value.options);
  }
  for (const nested of message.nestedType) stripMessage(nested);
}

/** Custom options arrive as unknown fields. */
function strip(options: { $unknown?: unknown } | undefined): void {
  if (options !== undefined) delete options.$unknown;
}

function descriptors(): FileDescriptorProto[] {
  const image = execFileSync('go', ['run', '.'], {
    cwd: join(here, 'dump'),
    maxBuffer: 64 << 20,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return fromBinary(FileDescriptorSetSchema, image)
    .file.filter((file) => !OPTIONS_ONLY.test(file.name))
    .map(withoutAnnotations);
}

function generate(files: FileDescriptorProto[]): Map<string, string> {
  const request = create(CodeGeneratorRequestSchema, {
    // The well-known types come with the runtime.
    fileToGenerate: files.map((file) => file.name).filter((name) => !name.startsWith('google/protobuf/')),
    parameter: 'target=js+dts,import_extension=js',
    protoFile: files,
  });
  const plugin = createRequire(import.meta.url).resolve('@bufbuild/protoc-gen-es/package.json');
  const stdout = execFileSync(process.execPath, [join(dirname(plugin), 'bin/protoc-gen-es')], {
    input: toBinary(CodeGeneratorRequestSchema, request),
    maxBuffer: 64 << 20,
  });
  const response = fromBinary(CodeGeneratorResponseSchema, stdout);
  if (response.error !== '') throw new Error(response.error);
  const output = new Map(response.file.map((file) => [file.name, file.content]));
  for (const [name, content] of listOfFiles(request.fileToGenerate)) output.set(name, content);
  return output;
}

/** files.js: the descriptor of every generated file, for a registry of all types. */
function listOfFiles(names: readonly string[]): [string, string][] {
  const variable = (name: string) => `file_${name.replace(/\.proto$/, '').replaceAll(/[^A-Za-z0-9_]/g, '_')}`;
  const imports = names.map((name) => `import { ${variable(name)} } from './${name.replace(/\.proto$/, '_pb.js')}';\n`);
  const list = names.map((name) => `  ${variable(name)},\n`);
  return [
    ['files.js', `${imports.join('')}\nexport const files = [\n${list.join('')}];\n`],
    [
      'files.d.ts',
      `import type { DescFile } from '@bufbuild/protobuf';\n\nexport declare const files: readonly DescFile[];\n`,
    ],
  ];
}

function committed(): Map<string, string> {
  const names = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(target.length + 1), readFileSync(path, 'utf8')];
    }),
  );
}

const generated = generate(descriptors());
if (process.argv.includes('--check')) {
  const present = committed();
  const stale = [...new Set([...generated.keys(), ...present.keys()])].filter(
    (name) => generated.get(name) !== present.get(name),
  );
  for (const name of stale) process.stderr.write(`stale: proxy/envoy/proto/generated/${name}\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  rmSync(target, { recursive: true, force: true });
  for (const [name, content] of generated) {
    mkdirSync(dirname(join(target, name)), { recursive: true });
    writeFileSync(join(target, name), content);
  }
  process.stdout.write(`${generated.size} files\n`);
}
