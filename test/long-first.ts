import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Where there is no record of how long each file took, as in a clean clone, these are known to take long. */
const long = [
  'flows/aftermath',
  'flows/webhooks',
  'flows/night',
  'flows/day',
  'flows/outage',
  'flows/coverage',
  'flows/link',
  'flows/schedules',
  'local/restart',
  'functions/api/fuzz',
  'functions/api/bad-input',
  'functions/api/matrix',
  'functions/page-on-call-interleavings',
  'infra/nag',
  'domain/escalation/model',
  'domain/escalation/interleavings',
];

/** Runs what takes long first, so that the end is not one file alone. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const known = long.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
      return known < 0 ? long.length : known;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
