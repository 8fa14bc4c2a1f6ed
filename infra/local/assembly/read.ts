import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { Value: unknown; Export?: { Name: unknown } }>>;
  readonly Parameters?: Readonly<Record<string, { Default?: string }>>;
}

/** One stack of a cloud assembly. */
export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Where each asset lies, by the key under which the template knows it. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Manifest {
  artifacts: Record<string, { type: string; properties?: Record<string, string> }>;
}
interface AssetManifest {
  files: Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>;
}

/** The origin that stage `local` is synthesized with. */
export const synthesizedOrigin = 'http://localhost:4000';

/** Reads the stacks of a synthesized cloud assembly, as if it had been synthesized for this origin. */
export function readAssembly(dir: string, origin = synthesizedOrigin): Stack[] {
  const json = <T>(file: string) =>
    JSON.parse(readFileSync(join(dir, file), 'utf8').replaceAll(synthesizedOrigin, origin)) as T;
  const artifacts = Object.entries(json<Manifest>('manifest.json').artifacts);
  const assets = new Map<string, string>();
  for (const [, { type, properties }] of artifacts) {
    if (type !== 'cdk:asset-manifest' || !properties?.file) continue;
    for (const { source, destinations } of Object.values(json<AssetManifest>(properties.file).files)) {
      for (const { objectKey } of Object.values(destinations)) assets.set(objectKey, join(dir, source.path));
    }
  }
  return artifacts.flatMap(([id, { type, properties }]) =>
    type === 'aws:cloudformation:stack' && properties?.templateFile
      ? [{ name: properties.stackName ?? id, template: json<Template>(properties.templateFile), assets }]
      : [],
  );
}
