import { describe, expect, test } from 'vitest';
import { catalogue } from '../../shared/contract/events/catalogue.ts';
import { jsonSchemaOf } from '../../shared/contract/events/json-schema.ts';
import { eventTypes } from '../../shared/contract/words.ts';

describe.each([...eventTypes])('%s', (type) => {
  test('has a schema whose references it holds itself, and which lets new fields through', () => {
    const schema = jsonSchemaOf(type);
    const text = JSON.stringify(schema);
    const defined = Object.keys((schema.$defs ?? {}) as object);
    for (const [, name] of text.matchAll(/"#\/\$defs\/(\w+)"/g)) expect(defined).toContain(name);
    expect(text).not.toContain('additionalProperties":false');
    expect(catalogue[type].summary).toMatch(/\.$/);
  });
});
