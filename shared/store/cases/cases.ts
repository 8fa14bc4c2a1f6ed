import type { Random } from '../../runtime/random.ts';
import { Months } from '../months.ts';
import type { OnBadRow } from '../parse.ts';
import type { Table } from '../table.ts';
import type { Cases } from '../types/cases.ts';
import { caseCommit } from './commit.ts';
import { caseLists } from './list.ts';
import { caseReads } from './read.ts';

export function caseStore(table: Table, random: Random, onBadRow: OnBadRow): Cases {
  const months = new Months(table);
  return {
    ...caseReads(table),
    ...caseLists(table, months, onBadRow),
    commit: caseCommit(table, months, random),
  };
}
