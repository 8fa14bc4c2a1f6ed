import { expect, it } from 'vitest';
import { checkPattern, matchesPattern, requiredAttributes } from '../../infra/local/sources/filter.ts';

const record = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { outbox: { S: 'page' }, n: { N: '5' }, tags: { SS: ['a', 'b'] } } },
  size: 5,
};
const image = (pattern: unknown) => ({ dynamodb: { NewImage: pattern } });

it.each<[string, unknown, boolean]>([
  ['one of the values', { eventName: ['MODIFY', 'INSERT'] }, true],
  ['none of the values', { eventName: ['REMOVE'] }, false],
  ['all keys must match', { eventName: ['INSERT'], size: [6] }, false],
  ['an attribute that exists', image({ outbox: { S: [{ exists: true }] } }), true],
  ['an attribute that does not', image({ other: { S: [{ exists: true }] } }), false],
  ['absence', image({ other: { S: [{ exists: false }] } }), true],
  ['absence of what is there', image({ outbox: { S: [{ exists: false }] } }), false],
  ['only leaves exist', image({ outbox: [{ exists: true }] }), false],
  ['a prefix', image({ outbox: { S: [{ prefix: 'pa' }] } }), true],
  ['a suffix', image({ outbox: { S: [{ suffix: 'pa' }] } }), false],
  ['anything but', image({ outbox: { S: [{ 'anything-but': ['event'] }] } }), true],
  ['anything but it', image({ outbox: { S: [{ 'anything-but': ['page'] }] } }), false],
  ['anything but a prefix', image({ outbox: { S: [{ 'anything-but': { prefix: 'p' } }] } }), false],
  ['one member of a list', image({ tags: { SS: ['b'] } }), true],
  ['a range of numbers', { size: [{ numeric: ['>', 4, '<=', 5] }] }, true],
  ['outside of the range', { size: [{ numeric: ['>', 5] }] }, false],
  ['a number is not its text', { size: ['5'] }, false],
])('%s', (_, pattern, expected) => {
  expect(matchesPattern(checkPattern(pattern), record)).toBe(expected);
});

it.each<[string, Parameters<typeof requiredAttributes>[0], string[] | null]>([
  ['what each filter asks for', [[image({ outbox: { S: [{ exists: true }] } })]], ['outbox']],
  ['nothing without a filter', [null], null],
  ['nothing where a filter is not about the new row', [[{ eventName: ['REMOVE'] }]], null],
  ['nothing where absence passes', [[image({ outbox: { S: [{ exists: false }] } })]], null],
])('a record that passes must have %s', (_, streams, expected) => {
  expect(requiredAttributes(streams)).toEqual(expected);
});
